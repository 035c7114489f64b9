import {
  type ErrorType,
  isQueueName,
  type RetrySchedules,
  reservedQueueNames,
  retrySchedules,
  taskTypePattern,
} from "@workstream/core";
import { isSchema, type Schema, type SchemaOutput } from "./schema.ts";
import type { TaskContext } from "./task-context.ts";
import { type HandlerAnswer, type TaskDefinition, type TaskRetry, taskBrand } from "./task-definition.ts";

export type TaskOptions<Input extends Schema, Output extends Schema> = {
  /** `[a-z0-9][a-z0-9_-]{0,63}`: part of URLs and keys. */
  type: string;
  /** The queue it lives on: `[a-z0-9-]{1,64}`. Default: one of its own, named after the type. */
  queue?: string;
  /** A sentence for people who create such tasks. */
  description?: string;
  /**
   * Validates the input; for a type that takes a file, the task's metadata. `run` gets what it makes of it.
   */
  input: Input;
  /** Validates what `run` returns; what it makes of it is stored. */
  output: Output;
  retry?: {
    /** 0–1000. Default: that of the program. */
    maxRetries?: number;
    /** Seconds before retry 1, 2, 3 … by error type, where they differ from the defaults. Empty: no retry. */
    schedules?: Partial<RetrySchedules>;
    /** Default true. False: it rests in FAILED when no retry is left. */
    deadLetter?: boolean;
  };
  /** How long an attempt may run; 1 ms to 24 h, default 10 min. */
  timeoutMs?: number;
  /**
   * Attempts that one worker runs at once. The type must then have its queue to itself. Default: the worker's
   * slots.
   */
  concurrency?: number;
  /** Its input is an uploaded file: read it with `context.readInput()`. */
  takesFile?: boolean;
  /** May run more than once: a worker can be lost after the work and before the result is stored. */
  run(input: SchemaOutput<Input>, context: TaskContext): HandlerAnswer<Output>;
};

export const defaultTimeoutMs = 10 * 60_000;
const maxTimeoutMs = 24 * 3_600_000;
const maxMaxRetries = 1000;

/**
 * Defines a task type.
 * @throws TypeError that names the type, the field and what it must be
 */
export function defineTask<Input extends Schema, Output extends Schema>(
  options: TaskOptions<Input, Output>,
): TaskDefinition<Input, Output> {
  const { type, input, output, timeoutMs = defaultTimeoutMs, concurrency = null } = options;
  const check = checkerFor(type);
  check(taskTypePattern.test(type), `type must match ${taskTypePattern.source}`);
  check(isSchema(input), "input must be a schema, for example z.object({…})");
  check(isSchema(output), "output must be a schema, for example z.string()");
  check(typeof options.run === "function", "run must be a function");
  check(isWhole(timeoutMs, 1, maxTimeoutMs), `timeoutMs must be a whole number from 1 to ${maxTimeoutMs}`);
  check(concurrency === null || isWhole(concurrency, 1, 10_000), "concurrency must be from 1 to 10,000");
  return Object.freeze({
    [taskBrand]: true as const,
    type,
    queue: queueFor(options, check),
    description: options.description ?? "",
    input,
    output,
    retry: retryFrom(options.retry ?? {}, check),
    timeoutMs,
    concurrency,
    takesFile: options.takesFile ?? false,
    run: options.run,
  });
}

type Check = (holds: boolean, rule: string) => void;

function checkerFor(type: unknown): Check {
  return (holds, rule) => {
    if (!holds) throw new TypeError(`Task type ${JSON.stringify(type)}: ${rule}.`);
  };
}

/** Types may hold underscores and queues may not, so the own queue of `a_b` is `a-b`. */
function queueFor({ type, queue }: { type: string; queue?: string }, check: Check): string {
  const name = queue ?? type.replaceAll("_", "-");
  const reserved = reservedQueueNames.join(", ");
  check(isQueueName(name), `queue ${JSON.stringify(name)} must match [a-z0-9-]{1,64} and not be ${reserved}`);
  return name;
}

function retryFrom(retry: NonNullable<TaskOptions<Schema, Schema>["retry"]>, check: Check): TaskRetry {
  const { maxRetries = null, schedules = {}, deadLetter = true } = retry;
  const range = `retry.maxRetries must be a whole number from 0 to ${maxMaxRetries}`;
  check(maxRetries === null || isWhole(maxRetries, 0, maxMaxRetries), range);
  for (const [errorType, seconds] of Object.entries(schedules)) checkSchedule(errorType, seconds, check);
  return { maxRetries, schedules: { ...retrySchedules, ...schedules }, deadLetter };
}

function checkSchedule(errorType: string, seconds: readonly number[], check: Check): void {
  const known = Object.keys(retrySchedules) as ErrorType[];
  check(
    (known as string[]).includes(errorType),
    `retry.schedules.${errorType} is not one of ${known.join(", ")}`,
  );
  const isSchedule = Array.isArray(seconds) && seconds.every((delay) => Number.isFinite(delay) && delay >= 0);
  check(isSchedule, `retry.schedules.${errorType} must be a list of seconds, each 0 or more`);
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
