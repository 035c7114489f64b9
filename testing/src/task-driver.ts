import {
  type ClaimedTask,
  type ClaimRequest,
  defaultRetryRatio,
  type ErrorType,
  type NewTask,
  type ParkedFor,
  type ReapSettings,
  type Settlement,
  type SettleOutcome,
  type Task,
  type TaskStore,
} from "@workstream/core";
import { newTask } from "./new-task.ts";
import type { OpenedStores } from "./store-source.ts";

export const leaseMs = 30_000;
export const workerId = "host-1-aaaa";
export const otherWorkerId = "host-2-bbbb";

/** A claim of up to 10 tasks from primary, unless told otherwise. */
export function claimRequest(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    workerId,
    queues: { primary: 10 },
    limit: 10,
    leaseMs,
    retryRatio: defaultRetryRatio,
    ...overrides,
  };
}

export const complete: Settlement = { kind: "complete", result: "done" };
export const release: Settlement = { kind: "release" };

export function failed(
  next: { to: "SCHEDULED"; delayMs: number } | { to: "DLQ" } | { to: "FAILED" },
  errorType: ErrorType = "Default",
  error = "it broke",
): Settlement {
  return { kind: "fail", error, errorType, next };
}

export function snooze(delayMs: number): Settlement {
  return { kind: "snooze", delayMs, isParked: false };
}

export function park(delayMs: number, parking?: ParkedFor): Settlement {
  return { kind: "snooze", delayMs, isParked: true, ...(parking && { parking }) };
}

/** Says in few words what tests do to a store over and over. */
export class TaskDriver {
  readonly tasks: TaskStore;
  readonly clock: OpenedStores["clock"];

  constructor({ tasks, clock }: Pick<OpenedStores, "tasks" | "clock">) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Enqueues a task and answers its id. */
  async enqueue(overrides: Partial<NewTask> = {}): Promise<string> {
    const task = newTask(overrides.id ?? this.tasks.mintId(), overrides);
    const outcome = await this.tasks.enqueue(task);
    if (outcome.outcome !== "created") throw new Error(`The task was not created: ${outcome.outcome}.`);
    return task.id;
  }

  async enqueueMany(count: number, overrides: Partial<NewTask> = {}): Promise<string[]> {
    const tasks = Array.from({ length: count }, () => newTask(this.tasks.mintId(), overrides));
    await this.tasks.enqueueBatch(tasks);
    return tasks.map(({ id }) => id);
  }

  claim(overrides: Partial<ClaimRequest> = {}): Promise<ClaimedTask[]> {
    return this.tasks.claim(claimRequest(overrides));
  }

  /** Claims one task. */
  async claimOne(overrides: Partial<ClaimRequest> = {}): Promise<ClaimedTask> {
    const [task] = await this.claim({ ...overrides, limit: 1 });
    if (!task) throw new Error("There was nothing to claim.");
    return task;
  }

  /** Puts on record that the attempt begins. */
  async begin({ id, token }: { id: string; token: string }, by: string = workerId): Promise<void> {
    const [outcome] = await this.tasks.extend(by, [{ id, token, hasBegun: true }], leaseMs);
    if (outcome !== "extended") throw new Error(`The lease was not extended: ${outcome}.`);
  }

  async settle(
    attempt: { id: string; token: string },
    settlement: Settlement,
    by: string = workerId,
  ): Promise<SettleOutcome> {
    const { id, token } = attempt;
    const { outcomes } = await this.tasks.settle(by, [{ id, token, settlement }]);
    const [outcome] = outcomes;
    if (!outcome || outcomes.length !== 1) throw new Error("settle answered another number of outcomes.");
    if (outcome === "unanswered") throw new Error("A part of the store did not answer.");
    return outcome;
  }

  /** Enqueues a task, runs one attempt of it and settles it so. Only for a store with nothing else to claim. */
  async ran(settlement: Settlement, overrides: Partial<NewTask> = {}): Promise<string> {
    const id = await this.enqueue(overrides);
    const attempt = await this.claimOne({ queues: { [overrides.queue ?? "primary"]: 1 } });
    await this.settle(attempt, settlement);
    return id;
  }

  /** The task as the store holds it. */
  async task(id: string): Promise<Task> {
    const task = await this.tasks.get(id);
    if (!task) throw new Error(`Task ${id} is gone.`);
    return task;
  }

  /** Its states, oldest first: "PENDING ACTIVE COMPLETED". */
  async states(id: string): Promise<string> {
    return (await this.task(id)).stateHistory.map(({ state }) => state).join(" ");
  }

  /** Runs the reaper until its first grace is over, so that from now on it takes leases as they run out. */
  async warmReaper(): Promise<void> {
    for (;;) {
      const { isWaiting } = await this.tasks.reap(reapSettings());
      if (!isWaiting) return;
      this.clock.advance(4_000);
    }
  }

  /** Lets `forMs` pass while the reaper runs every few seconds, as in a living fleet. */
  async reapDuring(forMs: number, settings: Partial<ReapSettings> = {}): Promise<Reaped> {
    const sum = { requeued: 0, buried: 0 };
    for (let leftMs = forMs; leftMs > 0; leftMs -= 4_000) {
      this.clock.advance(Math.min(leftMs, 4_000));
      const { requeued, buried } = await this.tasks.reap(reapSettings(settings));
      sum.requeued += requeued;
      sum.buried += buried;
    }
    return sum;
  }

  /** The lease of every running task runs out under a reaper that has been warmed. */
  loseWorkers(settings: Partial<ReapSettings> = {}): Promise<Reaped> {
    return this.reapDuring(leaseMs + 1, settings);
  }
}

type Reaped = { requeued: number; buried: number };

export function reapSettings(overrides: Partial<ReapSettings> = {}): ReapSettings {
  return { leaseMs, maxLostWorkers: 3, limit: 100, ...overrides };
}
