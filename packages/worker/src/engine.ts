import type { Settlement, SettleOutcome, Stores } from "@workstream/core";
import { AttemptExtras } from "./attempt/attempt-extras.ts";
import { AttemptRunner } from "./attempt/attempt-runner.ts";
import { Attempts } from "./attempt/attempts.ts";
import { ProgressOutbox } from "./attempt/progress-outbox.ts";
import { TimeLimits } from "./attempt/time-limits.ts";
import { ClaimGate } from "./claiming/claim-gate.ts";
import { ClaimLoop } from "./claiming/claim-loop.ts";
import { Claims, type ClaimsParts } from "./claiming/claims.ts";
import { RunTimes } from "./claiming/run-times.ts";
import { type Leaseholder, Settler } from "./claiming/settler.ts";
import { type SlotHolder, SlotPools } from "./claiming/slot-pools.ts";
import type { ServedQueue } from "./claiming/slots.ts";
import type { Clock } from "./clock.ts";
import type { TaskDefinition } from "./definition/task-definition.ts";
import type { Guards } from "./guard/guards.ts";
import type { Logger } from "./logger.ts";
import { LeaseKeeper } from "./services/lease-keeper.ts";
import type { AttemptStores, WorkerStore } from "./store-with-deadlines.ts";
import type { WorkerSettings } from "./worker-settings.ts";

export type EngineParts = {
  workerId: string;
  store: WorkerStore;
  inputs: Stores["inputs"];
  attemptStores: AttemptStores;
  guards: Guards;
  definitions: readonly TaskDefinition[];
  settings: WorkerSettings;
  clock: Clock;
  logger: Logger;
  /** An attempt was settled or dropped. */
  onEnded(): void;
  /** A task of this worker will be due in `delayMs`. */
  onScheduled(delayMs: number): void;
};

/**
 * The way of a task through a worker: claimed (ClaimLoop, or with a settlement) ──▶ run (AttemptRunner) ──▶
 * settled (Settler), which claims for the slots that became free. Slots that are kept for high priority have a claim loop of
 * their own.
 */
export class Engine {
  /** Attempts whose settlement is not answered yet. */
  readonly attempts: Attempts;
  readonly queues: readonly string[];
  readonly slots: SlotPools;
  readonly claimGate: ClaimGate;
  readonly claimLoops: ClaimLoop[];
  readonly settler: Settler<Leaseholder>;
  readonly runner: AttemptRunner;
  readonly leaseKeeper: LeaseKeeper;
  readonly #limits: TimeLimits;
  readonly #progress: ProgressOutbox;
  readonly #extras: AttemptExtras;
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    const { workerId, store, definitions, settings, clock, logger } = parts;
    const { concurrency, highPrioritySlots } = settings;
    const served = servedQueues(definitions, settings.queues);
    const runTimes = new RunTimes();
    const slots = new SlotPools(settings, served, (queue, count) => runTimes.ahead(queue, count));
    const attempts = new Attempts();
    this.#parts = parts;
    this.attempts = attempts;
    this.slots = slots;
    this.queues = served.map(({ queue }) => queue);
    this.claimGate = new ClaimGate({
      ...{ store, workerId },
      knownLeases: () => Array.from(attempts, ({ task }) => task),
      onClosed: () => this.#capacityChanged(),
      logger,
    });
    const claims = this.#claims({ slots: slots.general, isInKeptSlot: false, isNeeded: () => true });
    this.claimLoops = [new ClaimLoop({ claims, clock, logger })];
    if (highPrioritySlots > 0) this.claimLoops.push(this.#loopOfKeptSlots());
    this.settler = new Settler({
      ...{ store, workerId, concurrency, slots, logger, claims },
      onSettled: (holder, settlement, outcome) => this.#settled(holder, settlement, outcome),
    });
    this.leaseKeeper = new LeaseKeeper({
      ...{ store, workerId, leaseMs: settings.leaseMs, attempts },
      onLost: (attempt) => this.runner.abort(attempt, "lease_lost"),
    });
    this.#limits = new TimeLimits({
      attempts,
      clock,
      onPassed: (attempt) => this.runner.deadlinePassed(attempt),
    });
    this.#progress = new ProgressOutbox({ send: (some) => this.leaseKeeper.extend(some), logger });
    const { inputs, guards, attemptStores } = parts;
    this.#extras = new AttemptExtras({ workerId, guards, clock, logger, stores: attemptStores });
    this.runner = new AttemptRunner({
      ...{ attempts, slots: slots.general, runTimes, clock, logger, inputs, extras: this.#extras },
      maxTaskAgeMs: settings.maxTaskAgeMs,
      maxLostWorkers: settings.maxLostWorkers,
      definitions: new Map(definitions.map((definition) => [definition.type, definition])),
      watch: (attempt) => this.#limits.watch(attempt),
      onProgress: (attempt) => this.#progress.add(attempt),
      flushProgress: () => this.#progress.flush(),
      putOnRecord: (attempt) => {
        attempt.record = "asked";
        this.#progress.add(attempt);
        return this.#progress.flush();
      },
      settle: (holder, settlement) => this.settler.settle(holder, settlement),
      freeSlot: (attempt) => {
        slots.of(attempt).release(attempt.task.queue);
        this.#capacityChanged();
        parts.onEnded();
      },
    });
  }

  /** How long ago the claim loop last turned that has stood still the longest. */
  get claimLoopAgeMs(): number {
    return Math.max(...this.claimLoops.map(({ ageMs }) => ageMs));
  }

  /** Some of these tasks may be run here; if so, they were cancelled or deleted. */
  revoke(taskIds: readonly string[]): void {
    const revoked = new Set(taskIds);
    for (const attempt of this.attempts) {
      if (!attempt.isOver && revoked.has(attempt.task.id)) this.runner.abort(attempt, "cancelled");
    }
  }

  /** Stops the timers. What still runs is nobody's any more. */
  stop(): void {
    for (const loop of this.claimLoops) loop.stop();
    this.runner.stop();
    this.settler.stop();
    this.#limits.stop();
    this.#progress.stop();
    this.#extras.stop();
  }

  #loopOfKeptSlots(): ClaimLoop {
    const { general, kept } = this.slots;
    const logger = this.#parts.logger.child({ lane: "high" });
    if (kept.isUnused) logger.warn({}, "no queue has use for slots that are kept for high priority");
    const isNeeded = () => general.unheld === 0;
    const claims = this.#claims({ slots: kept, isInKeptSlot: true, lane: "high", isNeeded });
    return new ClaimLoop({ claims, clock: this.#parts.clock, logger });
  }

  #claims({ isInKeptSlot, ...pool }: SlotHolder & Pick<ClaimsParts, "slots" | "lane" | "isNeeded">): Claims {
    const { store, workerId, settings } = this.#parts;
    const { leaseMs, retryRatio } = settings;
    return new Claims({
      ...{ ...pool, gate: this.claimGate, store, workerId, leaseMs, retryRatio },
      start: (tasks) => this.runner.start(tasks, isInKeptSlot),
      isIdle: () => this.slots.isIdle,
      onChange: () => this.#capacityChanged(),
    });
  }

  #capacityChanged(): void {
    for (const loop of this.claimLoops) loop.capacityChanged();
  }

  #settled(holder: Leaseholder, settlement: Settlement, outcome: SettleOutcome): void {
    this.runner.settled(holder, settlement, outcome);
    if (settlement.kind === "snooze") this.#parts.onScheduled(settlement.delayMs);
    if (settlement.kind === "fail" && settlement.next.to === "SCHEDULED") {
      this.#parts.onScheduled(settlement.next.delayMs);
    }
    this.#parts.onEnded();
  }
}

/** Every queue on which one of the types lives, with the bound of a type that has it to itself. */
function servedQueues(definitions: readonly TaskDefinition[], more: readonly string[]): ServedQueue[] {
  const bounds = new Map<string, number | null>(more.map((queue) => [queue, null]));
  for (const { queue, concurrency } of definitions) bounds.set(queue, concurrency);
  return Array.from(bounds, ([queue, concurrency]) => ({ queue, concurrency }));
}
