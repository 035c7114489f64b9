import { readFileSync } from "node:fs";

/** Set by the build; not there when the program runs from its sources. */
declare const WORKSTREAM_VERSION: string | undefined;

/** The version in the root package.json. */
export function programVersion(): string {
  if (typeof WORKSTREAM_VERSION === "string") return WORKSTREAM_VERSION;
  const root = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(root, "utf8")) as { version: string }).version;
}
