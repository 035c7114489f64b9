export { maxProgressLength } from "./attempt/attempt-context.ts";
export { abortGraceMs } from "./attempt/attempt-runner.ts";
export { maxResultLength } from "./attempt/run-handler.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createWorker, type WorkerOptions } from "./create-worker.ts";
export { createCatalog } from "./definition/create-catalog.ts";
export { defaultTimeoutMs, defineTask, type TaskOptions } from "./definition/define-task.ts";
export type { Schema, SchemaInput, SchemaIssue, SchemaOutput } from "./definition/schema.ts";
export { type AbortReason, AttemptAborted, type TaskContext } from "./definition/task-context.ts";
export {
  type HandlerAnswer,
  isTaskDefinition,
  type TaskDefinition,
  type TaskRetry,
} from "./definition/task-definition.ts";
export { cancel, permanent, snooze, taskError, type Verdict } from "./definition/verdict.ts";
export { type Logger, silentLogger } from "./logger.ts";
export type { Worker, WorkerHealth } from "./worker.ts";
export { defaultWorkerSettings, type WorkerSettings } from "./worker-settings.ts";
