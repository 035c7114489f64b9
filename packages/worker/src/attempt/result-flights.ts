import { type CacheAnswer, maxCachedResultBytes, type ResultCache } from "@workstream/core";
import type { Clock } from "../clock.ts";
import { park } from "../definition/verdict.ts";
import type { Logger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";
import { cacheKey } from "./cache-key.ts";
import type { Ending } from "./run-handler.ts";

type Parts = { cache: ResultCache; clock: Clock; logger: Logger };

/** The right to compute one result, which the attempt gives up when it ends without one. */
export type ResultFlight = { readonly key: string; readonly ttlMs: number };

/** Past its time limit an attempt has its grace, and a moment for the store. */
const flightReserveMs = 10_000;

/**
 * Results that are known already, fleet-wide: one attempt at a time computes a result, and the others wait for it
 * parked. A cache that can't be reached is no reason to fail: then the handler runs as without one.
 *
 * The flight belongs to the task, not to the attempt: when a worker is lost, the next one need not wait for it.
 */
export class ResultFlights {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(attempt: Attempt, input: unknown, run: () => Promise<Ending>): Promise<Ending> {
    const { cache } = attempt.definition;
    if (!cache) return run();
    const key = cacheKey(attempt.definition, input);
    const answer = await this.#begin(attempt, key);
    if (answer?.kind === "hit") return { kind: "returned", result: answer.result };
    if (answer?.kind === "busy") return this.#wait(attempt, answer);
    // Without an answer it may be ours all the same; the store lets its owner alone put and abandon it.
    attempt.flight = { key, ttlMs: cache.ttlMs };
    const ending = await run();
    await this.#land(attempt, ending);
    return ending;
  }

  /** Lets another compute it. */
  async abandon(attempt: Attempt): Promise<void> {
    const { flight, task } = attempt;
    attempt.flight = null;
    if (flight) await this.#tried("abandon", this.#parts.cache.abandon(flight.key, task.id));
  }

  #begin(attempt: Attempt, key: string): Promise<CacheAnswer | null> {
    const flightMs = attempt.limitMs + flightReserveMs;
    return this.#tried("begin", this.#parts.cache.begin(key, attempt.task.id, flightMs));
  }

  /** It is woken when the result is there; at the latest it comes when that should have been. */
  #wait(attempt: Attempt, { waitMs, waitsFor }: Extract<CacheAnswer, { kind: "busy" }>): Ending {
    const parkedFor = { name: waitsFor, why: "Another task computes the same result." };
    const verdict = park(waitMs, parkedFor.why, parkedFor);
    attempt.parking = { dueAt: this.#parts.clock.nowMs() + waitMs, verdict, parkedFor };
    return { kind: "threw", thrown: verdict };
  }

  async #land(attempt: Attempt, ending: Ending): Promise<void> {
    const { flight, task, isRevoked, isOver, parking } = attempt;
    const isOurs = flight && !isRevoked && !isOver && !parking;
    if (!isOurs || ending.kind !== "returned" || !this.#isKept(attempt, ending.result)) {
      await this.abandon(attempt);
      return;
    }
    attempt.flight = null;
    await this.#put(flight, task.id, ending.result);
  }

  /** Those who wait for a result that could not be stored compute it. */
  async #put({ key, ttlMs }: ResultFlight, owner: string, text: string): Promise<void> {
    const { cache } = this.#parts;
    const stored = await this.#tried(
      "put",
      cache.put(key, owner, { text, ttlMs }).then(() => true),
    );
    if (!stored) await this.#tried("abandon", cache.abandon(key, owner));
  }

  #isKept({ definition }: Attempt, result: string): boolean {
    if (Buffer.byteLength(result) > maxCachedResultBytes) return false;
    try {
      return definition.cache?.keeps?.(result) ?? true;
    } catch (error) {
      this.#parts.logger.error(
        { err: error, taskType: definition.type },
        "cache.keeps threw; nothing is kept",
      );
      return false;
    }
  }

  async #tried<T>(verb: string, call: Promise<T>): Promise<T | null> {
    try {
      return await call;
    } catch (error) {
      this.#parts.logger.debug({ err: error, verb }, "the result cache did not answer");
      return null;
    }
  }
}
