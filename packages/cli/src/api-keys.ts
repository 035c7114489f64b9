import type { ApiKey, Role } from "@workstream/api";

/** One entry of API_KEYS: the key alone, or `role:key`. */
export function parseApiKey(entry: string): ApiKey {
  const [, role, key] = /^(reader|submitter|operator):(.+)$/.exec(entry) ?? [];
  return role && key ? { key, role: role as Role } : { key: entry };
}

/** The key that our own commands send: the first that may do everything, else the first. */
export function ownApiKey(entries: readonly string[]): string | null {
  const keys = entries.map(parseApiKey);
  const operator = keys.find(({ role = "operator" }) => role === "operator");
  return (operator ?? keys[0])?.key ?? null;
}
