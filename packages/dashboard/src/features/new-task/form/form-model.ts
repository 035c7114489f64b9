/**
 * A JSON Schema as a form: what each field is and what it may hold. It knows what zod makes of the usual schemas; whatever
 * lies beyond it, a union of objects or a record, is a field for JSON.
 */
export type JsonSchema = { readonly [keyword: string]: unknown };
export type Scalar = string | number | boolean | null;

type Text = {
  kind: "text";
  isLong: boolean;
  input: "text" | "email" | "url" | "date" | "datetime";
  minLength: number | null;
  maxLength: number | null;
};
type NumberNode = { kind: "number"; isInteger: boolean; min: number | null; max: number | null };
type Choice = { kind: "choice"; options: readonly { value: Scalar; label: string }[] };
type List = { kind: "list"; item: Text | NumberNode | Choice; minItems: number; maxItems: number | null };
type Group = { kind: "group"; fields: readonly FormField[] };
export type FormNode = Text | NumberNode | { kind: "boolean" } | Choice | List | Group | { kind: "json" };

export type FormField = FormNode & {
  name: string;
  label: string;
  description: string | null;
  isRequired: boolean;
  /** Null where it is left empty, if it must be there. */
  isNullable: boolean;
  /** What it is when it is left out; undefined for nothing. */
  fallback: unknown;
};

/** A text that may be longer than this, or as long as it likes with a name that says so, gets several lines. */
const longText = 200;
const longNames = /^(text|content|body|prompt|message|description|notes?|html|markdown|markup|code|query)$/i;
const deepest = 4;

/** The whole input as one field without a name. */
export function formModel(schema: JsonSchema): FormField {
  return fieldOf("", schema, { isRequired: true, depth: 0 });
}

type Place = { isRequired: boolean; depth: number };

function fieldOf(name: string, schema: JsonSchema, { isRequired, depth }: Place): FormField {
  const description = typeof schema.description === "string" ? schema.description : null;
  const inner = withoutNull(schema);
  return {
    ...nodeOf(name, inner ?? schema, depth),
    name,
    label: typeof schema.title === "string" ? schema.title : labelOf(name),
    description,
    isRequired,
    isNullable: inner !== null,
    fallback: schema.default,
  };
}

/** The schema of what may be null when it is not null; null for any other schema. */
function withoutNull(schema: JsonSchema): JsonSchema | null {
  const { anyOf: ways, type } = schema;
  if (Array.isArray(type) && type.length === 2 && type.includes("null")) {
    return { ...schema, type: type.find((name) => name !== "null") };
  }
  if (!Array.isArray(ways) || ways.length !== 2) return null;
  const others = ways.filter((way: unknown) => isObject(way) && way.type !== "null");
  return others.length === 1 && isObject(others[0]) ? others[0] : null;
}

/** `issueDate` and `issue_date` are both "Issue date". */
function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function nodeOf(name: string, schema: JsonSchema, depth: number): FormNode {
  const choice = choiceOf(schema);
  if (choice) return choice;
  switch (schema.type) {
    case "string":
      return textOf(name, schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return listOf(name, schema);
    case "object":
      return groupOf(schema, depth) ?? { kind: "json" };
    default:
      return { kind: "json" };
  }
}

function choiceOf(schema: JsonSchema): Choice | null {
  const values = "const" in schema ? [schema.const] : (schema.enum ?? constsOf(schema.anyOf ?? schema.oneOf));
  if (!Array.isArray(values) || values.length === 0 || !values.every(isScalar)) return null;
  return { kind: "choice", options: values.map((value) => ({ value, label: String(value) })) };
}

/** Of `oneOf: [{ const: 1 }, { const: 2 }]`, and of what lists several in one of its ways. */
function constsOf(ways: unknown): unknown[] | null {
  if (!Array.isArray(ways)) return null;
  const values = ways.map((way: unknown) => {
    if (!isObject(way)) return null;
    if ("const" in way) return [way.const];
    return Array.isArray(way.enum) ? way.enum : null;
  });
  return values.every((value) => value !== null) ? values.flat() : null;
}

const inputs: Record<string, Text["input"]> = {
  email: "email",
  uri: "url",
  date: "date",
  "date-time": "datetime",
};

function textOf(name: string, schema: JsonSchema): Text {
  const maxLength = numberIn(schema.maxLength);
  const isPlain = schema.format === undefined && schema.pattern === undefined;
  const isLong = isPlain && (maxLength === null ? longNames.test(name) : maxLength > longText);
  return {
    kind: "text",
    isLong,
    input: inputs[String(schema.format)] ?? "text",
    minLength: numberIn(schema.minLength),
    maxLength,
  };
}

function numberOf(schema: JsonSchema): NumberNode {
  return {
    kind: "number",
    isInteger: schema.type === "integer",
    min: boundOf(schema.minimum),
    max: boundOf(schema.maximum),
  };
}

/** The bounds of what a computer can count to are no bounds to a person. */
function boundOf(value: unknown): number | null {
  const bound = numberIn(value);
  return bound !== null && Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
}

function listOf(name: string, schema: JsonSchema): List | { kind: "json" } {
  if (!isObject(schema.items)) return { kind: "json" };
  const item = nodeOf(name, schema.items, deepest);
  if (item.kind !== "text" && item.kind !== "number" && item.kind !== "choice") return { kind: "json" };
  return {
    kind: "list",
    item: item.kind === "text" ? { ...item, isLong: false } : item,
    minItems: numberIn(schema.minItems) ?? 0,
    maxItems: numberIn(schema.maxItems),
  };
}

/** Null for an object whose fields are not named, or that lies too deep. */
function groupOf(schema: JsonSchema, depth: number): Group | null {
  const { properties, required, additionalProperties: others } = schema;
  const isOpen = others !== undefined && others !== false;
  if (!isObject(properties) || isOpen || depth >= deepest) return null;
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isObject(property) ? property : {}, { isRequired: needed.has(name), depth: depth + 1 }),
  );
  return { kind: "group", fields };
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
