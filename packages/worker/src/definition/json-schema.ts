import { z } from "zod";
import type { Schema } from "./schema.ts";

type Direction = "input" | "output";
type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema (draft 2020-12) of what `schema` accepts or makes. Parts that have no JSON Schema accept
 * anything; a schema of an unknown vendor that can't describe itself becomes `{}`, which accepts anything
 * too.
 */
export function jsonSchemaOf(schema: Schema, direction: Direction): JsonSchema {
  return fromZod(schema, direction) ?? fromVendor(schema, direction) ?? {};
}

function fromZod(schema: Schema, io: Direction): JsonSchema | null {
  if (!isZod4(schema)) return null;
  try {
    // A round trip through JSON drops the library's own symbols and non-enumerable parts.
    return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" })));
  } catch {
    return null;
  }
}

function isZod4(schema: Schema): schema is Schema & z.core.$ZodType {
  return "_zod" in schema;
}

type Describe = (options: { target: string }) => JsonSchema;

/** Standard JSON Schema, the sister specification, which zod 4.2+ and other libraries offer. */
function fromVendor(schema: Schema, direction: Direction): JsonSchema | null {
  const standard: Schema["~standard"] & { jsonSchema?: Partial<Record<Direction, Describe>> } =
    schema["~standard"];
  try {
    return standard.jsonSchema?.[direction]?.({ target: "draft-2020-12" }) ?? null;
  } catch {
    return null;
  }
}
