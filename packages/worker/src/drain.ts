import type { Attempt } from "./attempt/attempt.ts";
import type { AttemptRunner } from "./attempt/attempt-runner.ts";
import type { Attempts } from "./attempt/attempts.ts";
import type { ClaimGate } from "./claiming/claim-gate.ts";
import { endsWithin } from "./deadline.ts";
import { Latch } from "./latch.ts";
import type { Logger } from "./logger.ts";

type Parts = {
  graceMs: number;
  attempts: Attempts;
  runner: Pick<AttemptRunner, "close" | "abort" | "giveUp">;
  claimGate: Pick<ClaimGate, "close" | "needsRecovery" | "recover">;
  /** Settlements that the store has not answered yet. */
  unsettled(): number;
  logger: Logger;
};

/**
 * The end of the grace period that is kept for aborting, handing back and flushing: a third of it, within
 * bounds.
 */
const reserve = { leastMs: 100, mostMs: 5000 };
/** Handing back takes a round trip or two, also with no grace at all. */
const leastFlushMs = 500;

/**
 * Ends the work of one worker within its grace period.
 *
 * claiming ends ──▶ attempts may finish ──▶ what still runs is aborted ──▶ what ignores that is given up ──▶
 * every outcome is settled. Aborted and given up attempts go back to their queues with no attempt used up.
 * What the store does not answer in time is left to the leases.
 */
export class Drain {
  readonly #parts: Parts;
  readonly #changed = new Latch();
  #isForced = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** An attempt ended, or was settled. */
  noteChange(): void {
    this.#changed.open();
  }

  /** Don't wait for attempts to finish. */
  force(): void {
    this.#isForced = true;
    this.#changed.open();
  }

  async run(): Promise<void> {
    const { graceMs, runner, claimGate, logger } = this.#parts;
    const endsAt = performance.now() + graceMs;
    const reserveMs = Math.min(reserve.mostMs, Math.max(reserve.leastMs, graceMs / 3));
    logger.info({ running: this.#running().length, graceMs }, "draining");
    runner.close();
    const claimsClosed = claimGate.close();
    await this.#waitUntil(endsAt - reserveMs, () => this.#isForced || this.#isIdle());
    await this.#stopRunning(reserveMs / 2);
    await this.#flush(claimsClosed, Math.max(leastFlushMs, reserveMs / 2));
  }

  async #stopRunning(withinMs: number): Promise<void> {
    const { runner } = this.#parts;
    for (const attempt of this.#running()) runner.abort(attempt, "drain", withinMs);
    await this.#waitUntil(performance.now() + withinMs, () => this.#running().length === 0);
    for (const attempt of this.#running()) runner.giveUp(attempt);
  }

  /** What a claim with an unknown outcome took would count as a lost worker, so it is handed back too. */
  async #flush(claimsClosed: Promise<void>, withinMs: number): Promise<void> {
    const { claimGate } = this.#parts;
    const endsAt = performance.now() + withinMs;
    await endsWithin(claimsClosed, withinMs);
    await this.#waitUntil(endsAt, () => this.#isIdle());
    if (claimGate.needsRecovery)
      await endsWithin(claimGate.recover(), Math.max(leastFlushMs, endsAt - performance.now()));
    this.#report();
  }

  #report(): void {
    const unsettled = this.#parts.unsettled();
    if (unsettled === 0) this.#parts.logger.info({}, "drained");
    else
      this.#parts.logger.error(
        { unsettled },
        "the store did not take these outcomes; the tasks will run again",
      );
  }

  #running(): Attempt[] {
    return [...this.#parts.attempts].filter((attempt) => !attempt.isOver);
  }

  #isIdle(): boolean {
    return this.#parts.attempts.size === 0 && this.#parts.unsettled() === 0;
  }

  async #waitUntil(at: number, isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const leftMs = at - performance.now();
      if (leftMs <= 0) return;
      await this.#changed.wait(leftMs);
    }
  }
}
