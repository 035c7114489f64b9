import { hostname } from "node:os";
import type { Stores, WorkerBeat } from "@workstream/core";
import { Background } from "./background.ts";
import type { Clock } from "./clock.ts";
import { servicesOf } from "./definition/create-catalog.ts";
import type { TaskDefinition } from "./definition/task-definition.ts";
import { Drain } from "./drain.ts";
import { Engine } from "./engine.ts";
import { Guards } from "./guard/guards.ts";
import type { Logger } from "./logger.ts";
import {
  attemptStoresWithDeadlines,
  guardsWithDeadlines,
  storeDeadlineMs,
  storeWithDeadlines,
} from "./store-with-deadlines.ts";
import type { Worker, WorkerHealth } from "./worker.ts";
import type { WorkerSettings } from "./worker-settings.ts";

type Parts = {
  workerId: string;
  stores: Stores;
  definitions: readonly TaskDefinition[];
  settings: WorkerSettings;
  logger: Logger;
  clock: Clock;
};

/** The life of a worker around its engine and its background services. */
export class TaskWorker implements Worker {
  readonly workerId: string;
  readonly #parts: Parts;
  readonly #engine: Engine;
  readonly #background: Background;
  readonly #drain: Drain;
  #state: WorkerHealth["state"] = "new";
  #drained: Promise<void> | null = null;

  constructor(parts: Parts) {
    const { workerId, stores, definitions, settings, logger, clock } = parts;
    const store = storeWithDeadlines(stores, storeDeadlineMs);
    const guardStore = guardsWithDeadlines(stores, storeDeadlineMs);
    const guards = new Guards({ guards: guardStore, clock, logger }, servicesOf(definitions));
    this.workerId = workerId;
    this.#parts = parts;
    const engine = new Engine({
      ...{ ...parts, store, guards, inputs: stores.inputs },
      attemptStores: attemptStoresWithDeadlines(stores, storeDeadlineMs),
      onEnded: () => this.#drain.noteChange(),
      onScheduled: (delayMs) => this.#background.noteScheduled(delayMs),
    });
    this.#engine = engine;
    this.#background = new Background({
      ...{ workerId, store, engine, guards, settings, logger, guardLeases: stores.guardLeases },
      beat: () => this.#beat(),
    });
    this.#drain = new Drain({
      ...{ graceMs: settings.graceMs, runner: engine.runner, claimGate: engine.claimGate, logger },
      attempts: engine.attempts,
      unsettled: () => engine.settler.unanswered,
    });
  }

  start(): void {
    if (this.#state !== "new") throw new Error("A worker starts once; make a new one.");
    this.#state = "running";
    this.#background.start();
    for (const loop of this.#engine.claimLoops) loop.start();
    const { concurrency, highPrioritySlots } = this.#parts.settings;
    this.#parts.logger.info(
      { concurrency, highPrioritySlots, queues: this.#engine.queues },
      "worker started",
    );
  }

  drain({ force = false }: { force?: boolean } = {}): Promise<void> {
    if (force) this.#drain.force();
    this.#drained ??= this.#end();
    return this.#drained;
  }

  health(): WorkerHealth {
    const { attempts, slots, settler, runner, claimLoopAgeMs } = this.#engine;
    return {
      workerId: this.workerId,
      state: this.#state,
      running: Array.from(attempts).filter(({ isOver, isWaiting }) => !isOver && !isWaiting).length,
      waiting: runner.waiting,
      concurrency: this.#parts.settings.concurrency,
      freeSlots: slots.unheld,
      unsettled: settler.unanswered,
      completed: runner.completed,
      failed: runner.failed,
      claimLoopAgeMs: Math.round(claimLoopAgeMs),
      eventLoopLagMs: this.#background.lag.lastMs,
    };
  }

  async #end(): Promise<void> {
    const wasNew = this.#state === "new";
    this.#state = "draining";
    if (!wasNew) {
      const upkeepEnded = this.#background.stopUpkeep();
      await this.#drain.run();
      this.#engine.stop();
      await upkeepEnded;
      await this.#background.stop();
    }
    this.#state = "stopped";
  }

  #beat(): WorkerBeat {
    const { definitions, settings } = this.#parts;
    const { queues, runner, claimLoopAgeMs } = this.#engine;
    return {
      workerId: this.workerId,
      hostname: hostname(),
      pid: process.pid,
      version: settings.version,
      concurrency: settings.concurrency,
      highPrioritySlots: settings.highPrioritySlots,
      queues,
      types: definitions.map(({ type }) => type),
      isDraining: this.#state === "draining",
      completed: runner.completed,
      failed: runner.failed,
      eventLoopLagMs: this.#background.lag.takeWorstMs(),
      memoryBytes: process.memoryUsage.rss(),
      claimLoopAgeMs: Math.round(claimLoopAgeMs),
    };
  }
}
