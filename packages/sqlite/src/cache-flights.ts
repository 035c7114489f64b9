import type { CacheAnswer } from "@workstream/core";

type Flight = { owner: string; lapsesAt: number };

/** Whoever waits for a result asks again at least this often. */
const longestWaitMs = 1_000;
/** Beyond so many flights, those that lapsed are forgotten. */
const manyFlights = 1_000;

/**
 * Who computes which result. Everybody who could is in this process, so it is kept in memory: it ends with them.
 */
export class CacheFlights {
  readonly #flights = new Map<string, Flight>();

  /** The first who asks has the flight for `flightMs`; its owner may ask again. */
  begin(digest: string, owner: string, times: { now: number; flightMs: number }): CacheAnswer {
    const { now, flightMs } = times;
    const held = this.#held(digest, now);
    if (held && held.owner !== owner) {
      return { kind: "busy", waitMs: Math.min(held.lapsesAt - now, longestWaitMs) };
    }
    if (this.#flights.size >= manyFlights) this.#forgetLapsed(now);
    this.#flights.set(digest, { owner, lapsesAt: now + flightMs });
    return { kind: "mine" };
  }

  isHeldBy(owner: string, digest: string, now: number): boolean {
    return this.#held(digest, now)?.owner === owner;
  }

  end(digest: string, owner: string): void {
    if (this.#flights.get(digest)?.owner === owner) this.#flights.delete(digest);
  }

  #held(digest: string, now: number): Flight | null {
    const flight = this.#flights.get(digest);
    return flight && flight.lapsesAt > now ? flight : null;
  }

  #forgetLapsed(now: number): void {
    for (const [digest, { lapsesAt }] of this.#flights) if (lapsesAt <= now) this.#flights.delete(digest);
  }
}
