import { setTimeout as sleep } from "node:timers/promises";
import { stalledAfterMs } from "@workstream/core";
import { backoffMs, jittered } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { Latch } from "../latch.ts";
import type { Logger } from "../logger.ts";
import type { Claims } from "./claims.ts";

type Parts = {
  claims: Claims;
  clock: Clock;
  logger: Logger;
};

/** A wait lasts 1.4–2 s: the port allows 2 s, and a fleet should not wait in step. */
const waitMs = 1700;
const waitJitter = 0.17;
/** With the store's own 1.5 s between connections, a worker claims again within 5 s of the store's return. */
const errorBackoff = { firstMs: 100, capMs: 2000 };

/**
 * Finds work while there is nothing to settle.
 *
 * One turn: recover if a claim's outcome was unknown; with no free slot wait for one; claim, and when the last
 * claim found too little wait for a wake-up token before. A token is a hint, so every wait, however it ends, is
 * followed by a claim; the store does both for one question, and the slots that it may fill are set aside
 * meanwhile. A worker under load claims with its settlements, and this loop stands at "no free slot"; the one for slots that
 * are kept for high priority waits then, and stands while another slot is free.
 *
 * Every wait ends within seconds, so the loop turns at least that often. Should it stand still all the same,
 * `check` abandons it and starts another: the old one ends at its next turn.
 */
export class ClaimLoop {
  readonly #parts: Parts;
  readonly #capacity = new Latch();
  #generation = 0;
  #turnedAt: number;
  #isStalled = false;
  #wait: { queues: readonly string[]; stop: AbortController } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#turnedAt = parts.clock.nowMs();
  }

  /** How long ago the loop last turned. */
  get ageMs(): number {
    return this.#parts.clock.nowMs() - this.#turnedAt;
  }

  start(): void {
    this.#generation += 1;
    this.#turnedAt = this.#parts.clock.nowMs();
    void this.#run(this.#generation);
  }

  stop(): void {
    this.#generation += 1;
    this.#wait?.stop.abort();
    this.#capacity.open();
  }

  /** Slots were taken or freed. A wait must cover all queues that can be claimed from. */
  capacityChanged(): void {
    this.#capacity.open();
    if (this.#wait && !this.#parts.claims.isWorthWaiting(this.#wait.queues)) this.#wait.stop.abort();
  }

  /**
   * Restarts a loop that stands still. Answers whether it did. Called every few seconds; the second look in a
   * row decides, since after a blocked event loop the first may come before the loop had its turn.
   */
  check(): boolean {
    const { ageMs } = this;
    const wasStalled = this.#isStalled;
    this.#isStalled = ageMs > stalledAfterMs;
    if (!this.#isStalled || !wasStalled) return false;
    this.#parts.logger.warn({ ageMs }, "the claim loop stood still; it is restarted");
    this.stop();
    this.start();
    return true;
  }

  async #run(generation: number): Promise<void> {
    let failures = 0;
    while (generation === this.#generation) {
      this.#turnedAt = this.#parts.clock.nowMs();
      try {
        await this.#turn();
        if (failures > 0) this.#parts.logger.info({ failures }, "claiming works again");
        failures = 0;
      } catch (error) {
        failures += 1;
        const level = failures === 1 ? "warn" : "debug";
        this.#parts.logger[level]({ err: error, failures }, "claiming failed");
        await sleep(backoffMs(errorBackoff, failures));
      }
    }
  }

  async #turn(): Promise<void> {
    const { claims } = this.#parts;
    if (claims.needsRecovery) await claims.recover();
    if (claims.openQueues().length === 0) await this.#capacity.wait(waitMs);
    else if (claims.isDry) await this.#claimAfterWait();
    else await claims.claim();
  }

  async #claimAfterWait(): Promise<void> {
    const stop = new AbortController();
    try {
      await this.#parts.claims.claimAfterWait((queues) => {
        this.#wait = { queues, stop };
        return { timeoutMs: jittered(waitMs, waitJitter), signal: stop.signal };
      });
    } finally {
      if (this.#wait?.stop === stop) this.#wait = null;
    }
  }
}
