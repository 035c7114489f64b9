import type { TaskIntake } from "./enqueue.ts";
import type { EventFeed } from "./events.ts";
import type { ServiceGuards } from "./guards.ts";
import type { InputStore } from "./inputs.ts";
import type { TaskLeases } from "./lease.ts";
import type { TaskManagement } from "./management.ts";
import type { MetricsReading } from "./metrics.ts";
import type { BulkOperations } from "./operations.ts";
import type { TaskReading } from "./reading.ts";
import type { ResultCache } from "./result-cache.ts";
import type { ServiceRecords } from "./service-records.ts";
import type { StoreProbe } from "./store-health.ts";
import type { TaskOutputs } from "./task-outputs.ts";
import type { TaskSteps } from "./task-steps.ts";
import type { TaskUpkeep } from "./upkeep.ts";
import type { WorkerRegistry } from "./workers.ts";

export interface TaskStore extends TaskIntake, TaskLeases, TaskManagement, TaskReading, TaskUpkeep {}

/**
 * Extends the leases of one worker from outside its event loop, so that a handler which holds the loop does not
 * lose them. It acts only while `beat` is not called, and gives up after `silenceLimitMs` without one.
 */
export interface LeaseGuard {
  beat(): void;
  stop(): Promise<void>;
}

export type LeaseGuardSettings = { workerId: string; leaseMs: number; silenceLimitMs: number };

/** Everything one store adapter offers. */
export interface Stores {
  tasks: TaskStore;
  inputs: InputStore;
  workers: WorkerRegistry;
  events: EventFeed;
  metrics: MetricsReading;
  probe: StoreProbe;
  guards: ServiceGuards;
  services: ServiceRecords;
  outputs: TaskOutputs;
  steps: TaskSteps;
  cache: ResultCache;
  operations: BulkOperations;
  /** Null where no other process can take a lease (the embedded store). */
  guardLeases: ((settings: LeaseGuardSettings) => Promise<LeaseGuard>) | null;
  close(): Promise<void>;
}
