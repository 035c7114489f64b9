import {
  type ErrorType,
  isQueueName,
  type RetrySchedules,
  reservedQueueNames,
  reservedTaskTypes,
  retrySchedules,
  taskTypePattern,
} from "@workstream/core";
import { isSchema, type Schema, type SchemaOutput } from "./schema.ts";
import { isServiceDefinition, type ServiceDefinition } from "./service-definition.ts";
import type { TaskContext } from "./task-context.ts";
import {
  type HandlerAnswer,
  type TaskCache,
  type TaskDefinition,
  type TaskRetry,
  taskBrand,
} from "./task-definition.ts";

export type TaskOptions<Input extends Schema, Output extends Schema> = {
  /** `[a-z0-9][a-z0-9_-]{0,63}`: part of URLs and keys. Not batch, bulk or requeue-orphaned. */
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
  /**
   * The services that `context.service(name)` gives. While one of them is known to be out, tasks of this type are
   * parked before `run` begins.
   */
  services?: readonly ServiceDefinition[];
  /** `run` begins although one of them is known to be out: it has another way. Default false. */
  runsWithoutServices?: boolean;
  /**
   * Keeps results, so that a task with the same input is answered without `run`. One worker at a time computes
   * an answer; the others wait for it without holding a slot. Default: every task runs.
   */
  cache?: {
    /** How long a result is kept: 1 ms to 30 days. */
    ttlMs: number;
    /** What results depend on besides the type. Default: the whole input. A type that takes a file needs it. */
    key?(input: SchemaOutput<Input>): string;
    /** Which results are kept, by what is stored: text as it is, anything else as JSON. Default: all. */
    keeps?(result: string): boolean;
  };
  /** May run more than once: a worker can be lost after the work and before the result is stored. */
  run(input: SchemaOutput<Input>, context: TaskContext): HandlerAnswer<Output>;
};

export const defaultTimeoutMs = 10 * 60_000;
const reservedRule = `type must not be ${orList(reservedTaskTypes)}: their paths under /api/v1/tasks do something else`;
const maxTimeoutMs = 24 * 3_600_000;
const maxMaxRetries = 1000;
const maxCacheTtlMs = 30 * 24 * 3_600_000;

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
  check(!(reservedTaskTypes as readonly string[]).includes(type), reservedRule);
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
    services: servicesFrom(options.services ?? [], check),
    runsWithoutServices: options.runsWithoutServices ?? false,
    cache: cacheFrom(options, check),
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

function servicesFrom(services: readonly ServiceDefinition[], check: Check): readonly ServiceDefinition[] {
  const areServices = Array.isArray(services) && services.every(isServiceDefinition);
  check(areServices, "services must be a list of what defineService() made");
  const names = services.map(({ name }) => name);
  check(new Set(names).size === names.length, "services must not name one service twice");
  return Object.freeze([...services]);
}

type CacheOptions = {
  cache?: { ttlMs: number; key?(input: never): string; keeps?(result: string): boolean };
  takesFile?: boolean;
};

function cacheFrom({ cache, takesFile = false }: CacheOptions, check: Check): TaskCache | null {
  if (cache === undefined) return null;
  const { ttlMs, key = null, keeps = null } = cache;
  check(isWhole(ttlMs, 1, maxCacheTtlMs), `cache.ttlMs must be a whole number from 1 to ${maxCacheTtlMs}`);
  check(key === null || typeof key === "function", "cache.key must be a function");
  check(keeps === null || typeof keeps === "function", "cache.keeps must be a function");
  const needsKey = takesFile && key === null;
  check(
    !needsKey,
    "cache.key is needed, since the input of a type that takes a file does not tell its content",
  );
  return Object.freeze({ ttlMs, key: key as TaskCache["key"], keeps });
}

function orList(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
