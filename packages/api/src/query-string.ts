import { parse } from "node:querystring";

/** Query parameters as text; one that is given twice is a list. An empty one counts as not given, as forms send them. */
export function parseQuery(query: string): Record<string, unknown> {
  if (query === "") return {};
  return Object.fromEntries(Object.entries(parse(query)).filter(([, value]) => value !== ""));
}
