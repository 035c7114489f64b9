/**
 * Results live in the home partition, so that one caller computes a key for the whole fleet. Tasks that are parked for a
 * result stand in the line of their own partition, which keeps a flight of the same length meanwhile: when the one at home
 * ends, it ends too, and its line moves on.
 */
import type { CacheAnswer, ResultCache } from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

/** Holds the flights that stand for one at home. */
const standIn = "home";
/** How long those that are parked elsewhere are told that the result is there; they ask the home for it. */
const toldMs = 10_000;

export class PartitionedCache implements ResultCache {
  readonly #partitions: PartitionSet;
  readonly #home: ResultCache;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
    this.#home = partitions.home.stores.cache;
  }

  async begin(key: string, owner: string, flightMs: number): Promise<CacheAnswer> {
    const answer = await this.#home.begin(key, owner, flightMs);
    const own = this.#partitions.of(owner);
    if (answer.kind === "busy" && own.index > 0) await own.stores.cache.begin(key, standIn, answer.waitMs);
    return answer;
  }

  async put(key: string, owner: string, result: { text: string; ttlMs: number }): Promise<void> {
    await this.#home.put(key, owner, result);
    const told = { text: "", ttlMs: Math.min(result.ttlMs, toldMs) };
    await this.#tell((cache) => cache.put(key, standIn, told));
  }

  async abandon(key: string, owner: string): Promise<void> {
    await this.#home.abandon(key, owner);
    await this.#tell((cache) => cache.abandon(key, standIn));
  }

  /** Whom it does not reach asks again when the flight has lapsed. */
  async #tell(act: (cache: ResultCache) => Promise<void>): Promise<void> {
    await Promise.allSettled(this.#partitions.others.map(({ stores }) => act(stores.cache)));
  }
}
