/** A fault in an input, with a JSON pointer (RFC 6901) to the field. */
export type InputIssue = { pointer: string; message: string };

export type ParsedInput = { isValid: true; value: unknown } | { isValid: false; issues: InputIssue[] };

/** What the gateway knows of a task type; the handler stays with the worker. */
export type TaskTypeInfo = {
  type: string;
  queue: string;
  description: string;
  /** JSON Schema, draft 2020-12. */
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown>;
  /** The input is an uploaded file: it is created through its own route. */
  takesFile: boolean;
  maxRetries: number | null;
  timeoutMs: number | null;
  parseInput(input: unknown): ParsedInput;
};

export interface TaskCatalog {
  list(): readonly TaskTypeInfo[];
  get(type: string): TaskTypeInfo | undefined;
}

/** The guarded services that this program knows. */
export interface ServiceDirectory {
  names(): readonly string[];
}
