import { faultStatuses } from "./fault-name.ts";

/** Shorter names for people. */
const shortNames: Record<string, string> = {
  retryAfter: "retryAfterSeconds",
  resetIn: "resetInMs",
  resetsIn: "resetsInSeconds",
  delay: "delayMs",
  after: "afterPieces",
  for: "forMs",
};

/**
 * A rule as one types it: a fault's name or status, and its fields, such as `429,retry-after=5,next=3`. What it says is
 * checked by the rule's schema.
 */
export function parseFaultSpec(text: string): Record<string, unknown> {
  const [name = "", ...fields] = text.split(",").map((part) => part.trim());
  return { fault: faultNamed(name), ...Object.fromEntries(fields.map(parseField)) };
}

function faultNamed(name: string): string {
  const byStatus = Object.entries(faultStatuses).find(([, status]) => String(status) === name);
  return byStatus?.[0] ?? name;
}

function parseField(field: string): [name: string, value: unknown] {
  const [name = "", value = "true"] = field.split("=");
  const camelCase = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [shortNames[camelCase] ?? camelCase, parseValue(value)];
}

function parseValue(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value);
}
