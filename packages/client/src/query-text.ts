/** `?a=1&b=2`, or nothing; what is undefined or null is left out. */
export function queryText(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * A path with each value as one segment of it. A segment that is empty, `.` or `..` would make it another path: with a
 * blank behind it, it is a name that nothing has.
 */
export function path(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return String.raw({ raw: parts }, ...names.map(segment));
}

function segment(name: string): string {
  return encodeURIComponent(/^\.{0,2}$/.test(name) ? `${name} ` : name);
}
