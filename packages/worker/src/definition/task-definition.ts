import type { RetrySchedules } from "@workstream/core";
import type { Schema, SchemaInput, SchemaOutput } from "./schema.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import type { TaskContext } from "./task-context.ts";
import type { Verdict } from "./verdict.ts";

/** Marks definitions, so that one made by another copy of this package is recognized. Never instanceof. */
export const taskBrand: unique symbol = Symbol.for("workstream.task");

export type TaskRetry = {
  /** Null: the default of the program that accepts the task. */
  maxRetries: number | null;
  schedules: RetrySchedules;
  /** False: a task that has failed for good rests in FAILED instead of the dead letters. */
  deadLetter: boolean;
};

export type TaskCache<Input = unknown> = {
  /** How long a result is kept: 1 ms to 30 days. */
  ttlMs: number;
  /** What results depend on. Null: the whole input. */
  key: ((input: Input) => string) | null;
  /** Which results are kept, as they are stored. Null: all. */
  keeps: ((result: string) => boolean) | null;
};

/** A task type with its handler. Made by `defineTask`. */
export interface TaskDefinition<Input extends Schema = Schema, Output extends Schema = Schema> {
  readonly [taskBrand]: true;
  readonly type: string;
  readonly queue: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly retry: TaskRetry;
  readonly timeoutMs: number;
  readonly concurrency: number | null;
  readonly takesFile: boolean;
  /** The services that its handler may call. */
  readonly services: readonly ServiceDefinition[];
  /** Its handler runs while they are out, too. */
  readonly runsWithoutServices: boolean;
  /** Null: every task runs. */
  readonly cache: TaskCache | null;
  run(input: SchemaOutput<Input>, context: TaskContext): HandlerAnswer<Output>;
}

/** A result that the output schema accepts, or a verdict; now or later. */
export type HandlerAnswer<Output extends Schema> =
  | SchemaInput<Output>
  | Verdict
  | Promise<SchemaInput<Output> | Verdict>;

export function isTaskDefinition(value: unknown): value is TaskDefinition {
  return typeof value === "object" && value !== null && Reflect.get(value, taskBrand) === true;
}
