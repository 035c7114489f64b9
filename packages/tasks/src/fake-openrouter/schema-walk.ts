import { leadingSentences } from "./leading-sentences.ts";

type JsonSchema = Record<string, unknown>;
type Walk = {
  /** For `$ref`s within it. */ root: JsonSchema /** What strings are taken from. */;
  text: string;
};

/** A schema that refers to itself without end is left at this depth. */
const deepest = 12;

/** A value that a JSON Schema accepts, as far as types, enums, required properties and least lengths go. */
export function valueFor(schema: JsonSchema, walk: Walk, depth = 0): unknown {
  if (depth > deepest) return null;
  const resolved = resolve(schema, walk.root);
  if ("const" in resolved) return resolved.const;
  if (Array.isArray(resolved.enum)) return resolved.enum[0];
  const branch = firstBranch(resolved);
  if (branch !== null) return valueFor(branch, walk, depth + 1);
  switch (typeOf(resolved)) {
    case "object":
      return objectFor(resolved, walk, depth);
    case "array":
      return listFor(resolved, walk, depth);
    case "string":
      return stringFor(resolved, walk.text);
    case "integer":
    case "number":
      return numberFor(resolved);
    case "boolean":
      return true;
    default:
      return null;
  }
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref: reference } = schema;
  if (typeof reference !== "string" || !reference.startsWith("#/")) return schema;
  const steps = reference.slice(2).split("/");
  return steps.reduce((within, step) => objectOr(within[step]), root);
}

/** The first alternative that is more than null. */
function firstBranch(schema: JsonSchema): JsonSchema | null {
  const branches = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as JsonSchema[] | undefined;
  return branches?.find(({ type }) => type !== "null") ?? null;
}

function typeOf({ type, properties }: JsonSchema): unknown {
  if (Array.isArray(type)) return type.find((name) => name !== "null");
  return type ?? (properties ? "object" : undefined);
}

function objectFor({ properties }: JsonSchema, walk: Walk, depth: number): Record<string, unknown> {
  const entries = Object.entries(objectOr(properties));
  return Object.fromEntries(
    entries.map(([name, schema]) => [name, valueFor(objectOr(schema), walk, depth + 1)]),
  );
}

function listFor({ items, minItems }: JsonSchema, walk: Walk, depth: number): unknown[] {
  const length = Math.max(1, typeof minItems === "number" ? minItems : 1);
  return Array.from({ length }, () => valueFor(objectOr(items), walk, depth + 1));
}

function stringFor({ format, minLength, maxLength }: JsonSchema, text: string): string {
  if (format === "date") return "2026-01-31";
  if (format === "date-time") return "2026-01-31T12:00:00Z";
  const sentence = leadingSentences(text, 1) || "nothing";
  const long = sentence.padEnd(typeof minLength === "number" ? minLength : 0, ".");
  return long.slice(0, typeof maxLength === "number" ? maxLength : 300);
}

function numberFor({ minimum, maximum }: JsonSchema): number {
  const least = typeof minimum === "number" ? Math.ceil(minimum) : 1;
  return typeof maximum === "number" ? Math.min(Math.max(least, 1), maximum) : Math.max(least, 1);
}

function objectOr(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}
