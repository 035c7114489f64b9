import type { Stores, WorkerBeat } from "@workstream/core";
import type { ClaimLoop } from "./claiming/claim-loop.ts";
import { endsWithin } from "./deadline.ts";
import { AttemptAborted } from "./definition/task-context.ts";
import type { Engine } from "./engine.ts";
import type { Guards } from "./guard/guards.ts";
import type { Logger } from "./logger.ts";
import { EventLoopLag } from "./services/event-loop-lag.ts";
import { Heartbeat } from "./services/heartbeat.ts";
import { Janitor } from "./services/janitor.ts";
import { LeaseGuarding, silenceLimitMs } from "./services/lease-guarding.ts";
import { Promoter } from "./services/promoter.ts";
import { Reaper } from "./services/reaper.ts";
import { Revocations } from "./services/revocations.ts";
import { ServiceLoop } from "./services/service-loop.ts";
import { Watchdog } from "./services/watchdog.ts";
import type { WorkerStore } from "./store-with-deadlines.ts";
import type { WorkerSettings } from "./worker-settings.ts";

type Parts = {
  workerId: string;
  store: WorkerStore;
  guardLeases: Stores["guardLeases"];
  engine: Engine;
  guards: Guards;
  settings: WorkerSettings;
  logger: Logger;
  beat(): WorkerBeat;
};

/** A service that waits for a store that is away must not hold up the end of a drain. */
const stopWithinMs = 1000;

/**
 * What a worker does beside running tasks. Upkeep (promoter, reaper, janitor) is done for the whole fleet by
 * every worker and ends when a drain begins; the rest serves this worker's own attempts and lasts to the end.
 */
export class Background {
  readonly lag: EventLoopLag;
  readonly #parts: Parts;
  readonly #promoter: ServiceLoop<{ promoted: number; nextDueInMs: number | null }>;
  readonly #heartbeat: ServiceLoop<void>;
  readonly #revocations: Revocations;
  /** Null where no other process can take a lease. */
  readonly #leaseGuarding: LeaseGuarding | null;
  readonly #upkeep: readonly Loop[];
  readonly #own: readonly Loop[];

  constructor(parts: Parts) {
    const { workerId, store, engine, guards, settings, logger } = parts;
    this.#parts = parts;
    this.lag = new EventLoopLag(logger);
    this.#promoter = new ServiceLoop(new Promoter(store), logger);
    this.#heartbeat = new ServiceLoop(new Heartbeat(store, parts.beat), logger);
    const leaseKeeper = new ServiceLoop(engine.leaseKeeper, logger);
    this.#revocations = new Revocations({
      ...{ registry: store, workerId },
      onRevoked: (ids) => engine.revoke(ids),
      onSubscribed: () => leaseKeeper.wakeWithin(0),
    });
    const { guardLeases } = parts;
    const guarded = { workerId, leaseMs: settings.leaseMs, silenceLimitMs };
    this.#leaseGuarding = guardLeases && new LeaseGuarding(guardLeases, guarded);
    this.#upkeep = [
      this.#promoter,
      new ServiceLoop(new Reaper({ store, settings, logger }), logger),
      new ServiceLoop(new Janitor(store, settings.retention), logger),
    ];
    this.#own = [
      this.#heartbeat,
      leaseKeeper,
      new ServiceLoop(this.#revocations, logger),
      new ServiceLoop(new Watchdog(() => checkAll(engine.claimLoops)), logger),
      ...(this.#leaseGuarding ? [new ServiceLoop(this.#leaseGuarding, logger)] : []),
      ...(guards.isEmpty ? [] : [new ServiceLoop(guards, logger)]),
    ];
  }

  start(): void {
    this.lag.start();
    for (const loop of [...this.#upkeep, ...this.#own]) loop.start();
  }

  /** A task will be due in `delayMs`: the promoter need not find out late. */
  noteScheduled(delayMs: number): void {
    this.#promoter.wakeWithin(delayMs);
  }

  async stopUpkeep(): Promise<void> {
    this.#heartbeat.wakeWithin(0);
    await stopAll(this.#upkeep);
  }

  /** Takes the worker off the list at the end, when it beats no more; all in 2 × `stopWithinMs`. */
  async stop(): Promise<void> {
    this.lag.stop();
    await stopAll(this.#own);
    const ends = [this.#revocations.close(), this.#leaseGuarding?.close()];
    await Promise.all([this.#closeGuards(), this.#leave(), endsWithin(Promise.all(ends), stopWithinMs)]);
  }

  async #leave(): Promise<void> {
    const { store, workerId, logger } = this.#parts;
    const hasLeft = await endsWithin(store.leave(workerId), stopWithinMs);
    if (!hasLeft) logger.warn({}, "the store did not hear that this worker left; its announcement lapses");
  }

  async #closeGuards(): Promise<void> {
    const { guards, logger } = this.#parts;
    const isClosed = await endsWithin(guards.close(new AttemptAborted("drain")), stopWithinMs);
    if (!isClosed)
      logger.warn({}, "the store did not hear of the last calls: turns or records of them are lost");
  }
}

type Loop = { start(): void; stop(): Promise<void> };

async function stopAll(loops: readonly Loop[]): Promise<void> {
  await endsWithin(Promise.all(loops.map((loop) => loop.stop())), stopWithinMs);
}

/** Restarts those that stand still. */
function checkAll(loops: readonly ClaimLoop[]): boolean {
  return loops.map((loop) => loop.check()).includes(true);
}
