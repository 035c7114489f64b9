/**
 * Schemas as this package sees them: Standard Schema v1 (standardschema.dev), which zod 3.24+, zod 4 and
 * others speak.
 *
 * A user's module may bring its own copy or version of zod, so nothing here asks for an instance of ours.
 */
type PathSegment = PropertyKey | { readonly key: PropertyKey };
export type SchemaIssue = { readonly message: string; readonly path?: readonly PathSegment[] | undefined };

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema accepts. */
export type SchemaInput<S extends Schema> = NonNullable<S["~standard"]["types"]>["input"];
/** What a schema makes of it. */
export type SchemaOutput<S extends Schema> = NonNullable<S["~standard"]["types"]>["output"];

export type Parsed<T = unknown> =
  | { isValid: true; value: T }
  | { isValid: false; issues: readonly SchemaIssue[] };

export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return typeof standard === "object" && standard !== null && "validate" in standard;
}

/** Answers at once for a synchronous schema, which is the common case and the fast one. */
export function parseWith(schema: Schema, value: unknown): Parsed | Promise<Parsed> {
  const validated = schema["~standard"].validate(value);
  return validated instanceof Promise ? validated.then(parsedFrom) : parsedFrom(validated);
}

function parsedFrom(validated: Validated<unknown>): Parsed {
  if (validated.issues) return { isValid: false, issues: validated.issues };
  return { isValid: true, value: validated.value };
}

/** JSON pointer (RFC 6901) to the field that an issue is about; "" is the whole value. */
export function pointerOf(issue: SchemaIssue): string {
  const keys = (issue.path ?? []).map((segment) =>
    String(typeof segment === "object" ? segment.key : segment),
  );
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const maxIssuesNamed = 5;

/** One line for an error message: `/pages/0: expected string; …`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  const named = issues.slice(0, maxIssuesNamed).map((issue) => {
    const pointer = pointerOf(issue);
    return pointer === "" ? issue.message : `${pointer}: ${issue.message}`;
  });
  const rest = issues.length - named.length;
  return rest > 0 ? `${named.join("; ")}; and ${rest} more` : named.join("; ");
}
