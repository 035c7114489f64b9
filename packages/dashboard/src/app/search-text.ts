/** Search parameters as plain text, so that an address can be read and typed: `?q=status:DLQ`. */

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
    .toString()
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}
