import { fileURLToPath } from "node:url";

/** Set by the build; not there when the program runs from its sources. */
declare const WORKSTREAM_VERSION: string | undefined;

/** Where the build puts the dashboard: beside dist/lib, from where the built program runs. */
export function dashboardFolder(): string {
  const isBuilt = typeof WORKSTREAM_VERSION === "string";
  return fileURLToPath(new URL(isBuilt ? "../dashboard" : "../../../dist/dashboard", import.meta.url));
}
