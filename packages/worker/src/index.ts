export { maxProgressLength } from "./attempt/attempt-context.ts";
export { abortGraceMs } from "./attempt/attempt-runner.ts";
export { maxStepNameLength, maxStepValueBytes } from "./attempt/attempt-steps.ts";
export { maxResultLength } from "./attempt/run-handler.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createWorker, type WorkerOptions } from "./create-worker.ts";
export { createCatalog, servicesOf } from "./definition/create-catalog.ts";
export { defaultBreakerPolicy, defineService, type ServiceOptions } from "./definition/define-service.ts";
export { defaultTimeoutMs, defineTask, type TaskOptions } from "./definition/define-task.ts";
export type {
  CallOptions,
  CallOutcome,
  GuardedService,
  RefusalReason,
} from "./definition/guarded-service.ts";
export type { Schema, SchemaInput, SchemaIssue, SchemaOutput } from "./definition/schema.ts";
export {
  type CallVerdict,
  type EndedCall,
  isServiceDefinition,
  type ServiceDefinition,
} from "./definition/service-definition.ts";
export { type AbortReason, AttemptAborted, type TaskContext } from "./definition/task-context.ts";
export {
  type HandlerAnswer,
  isTaskDefinition,
  type TaskCache,
  type TaskDefinition,
  type TaskRetry,
} from "./definition/task-definition.ts";
export { cancel, permanent, snooze, taskError, type Verdict } from "./definition/verdict.ts";
export { createGuards, type ServiceCallers } from "./guard/create-guards.ts";
export { isServiceRefused, ServiceRefused } from "./guard/service-refused.ts";
export { type Logger, silentLogger } from "./logger.ts";
export type { Worker, WorkerHealth } from "./worker.ts";
export { defaultWorkerSettings, type WorkerSettings } from "./worker-settings.ts";
