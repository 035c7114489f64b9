import type { Stores } from "@workstream/core";
import { type Clock, systemClock } from "./clock.ts";
import { assertDefinitions } from "./definition/create-catalog.ts";
import type { TaskDefinition } from "./definition/task-definition.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { TaskWorker } from "./task-worker.ts";
import type { Worker } from "./worker.ts";
import { mintWorkerId } from "./worker-id.ts";
import { assertSettings, defaultWorkerSettings, type WorkerSettings } from "./worker-settings.ts";

export type WorkerOptions = {
  stores: Stores;
  /** At least one; no type twice, and none with a concurrency of its own on a queue with others. */
  definitions: readonly TaskDefinition[];
  settings?: Partial<WorkerSettings>;
  logger?: Logger;
  clock?: Clock;
};

/**
 * A worker on these stores; it does nothing before `start`.
 * @throws TypeError for definitions that don't go together · RangeError for a setting out of range
 */
export function createWorker({ stores, definitions, ...options }: WorkerOptions): Worker {
  const settings = { ...defaultWorkerSettings, ...options.settings };
  assertSettings(settings);
  if (definitions.length === 0) throw new TypeError("A worker needs at least one task definition.");
  assertDefinitions(definitions);
  const workerId = mintWorkerId();
  const logger = (options.logger ?? silentLogger).child({ workerId });
  const clock = options.clock ?? systemClock;
  return new TaskWorker({ workerId, stores, definitions, settings, logger, clock });
}
