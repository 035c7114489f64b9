import type { GuardPolicy } from "./guards.ts";
import type { CreditThresholds, ServiceCheck } from "./service-records.ts";

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

export type ServiceInfo = {
  name: string;
  policy: GuardPolicy;
  /**
   * Asks the service about itself, past the guards. What goes wrong is an answer too: it never rejects but for an
   * aborted signal. Null: there is nothing to ask.
   */
  check: ((signal: AbortSignal) => Promise<ServiceCheck>) | null;
  creditThresholds: CreditThresholds;
};

/** The guarded services that this program knows. */
export interface ServiceDirectory {
  list(): readonly ServiceInfo[];
  get(name: string): ServiceInfo | undefined;
}
