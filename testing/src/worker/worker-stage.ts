import type { Stores, Task, TaskState } from "@workstream/core";
import { createWorker, type TaskDefinition, type Worker, type WorkerSettings } from "@workstream/worker";
import { afterEach, describe } from "vitest";
import { useStores } from "../store-fixture.ts";
import { type OpenedStores, type OpenStores, type StoreKind, storeKinds } from "../store-source.ts";
import { TaskDriver } from "../task-driver.ts";
import type { TestClock } from "../test-clock.ts";
import { until } from "../until.ts";
import { collectingLogger, type LogLine } from "./collecting-logger.ts";

/** Workers run on real time, so the stores under them do too. */
export const runningClock: TestClock = {
  now: Date.now,
  advance() {
    throw new Error("Real time can't be moved.");
  },
  set() {
    throw new Error("Real time can't be set.");
  },
};

/** One store with workers on it. */
export class WorkerStage extends TaskDriver {
  readonly opened: OpenedStores;
  readonly log: LogLine[] = [];
  readonly #workers: Worker[];

  constructor(opened: OpenedStores, workers: Worker[]) {
    super(opened);
    this.opened = opened;
    this.#workers = workers;
  }

  /** Starts a worker; on `stores` of its own where the test puts something around them. */
  start(
    definitions: readonly TaskDefinition[],
    settings: Partial<WorkerSettings> = {},
    stores: Stores = this.opened.stores,
  ): Worker {
    const worker = createWorker({
      stores,
      definitions,
      settings: { graceMs: 300, ...settings },
      logger: collectingLogger(this.log),
    });
    this.#workers.push(worker);
    worker.start();
    return worker;
  }

  /** Waits until the task is in this state, and answers it. */
  reaches(id: string, state: TaskState, timeoutMs = 8000): Promise<Task> {
    return until(`task ${id} to be ${state}`, () => this.#inState(id, state), { timeoutMs });
  }

  /** Waits for a line of the log that holds these words. */
  logged(words: string): Promise<LogLine> {
    return until(`"${words}" in the log`, () => this.log.find(({ message }) => message.includes(words)));
  }

  async #inState(id: string, state: TaskState): Promise<Task | null> {
    const task = await this.tasks.get(id);
    return task?.state === state ? task : null;
  }
}

export type SetStage = () => Promise<WorkerStage>;

/** Runs one suite of worker tests on each store; workers end before their store closes. */
export function describeWorker(area: string, suite: (setStage: SetStage, kind: StoreKind) => void): void {
  for (const kind of storeKinds) {
    describe(`${area} on ${kind}`, () => suite(useStage(useStores(kind)), kind));
  }
}

function useStage(openStores: OpenStores): SetStage {
  const workers: Worker[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.drain({ force: true })));
  });
  return async () => new WorkerStage(await openStores({ clock: runningClock }), workers);
}
