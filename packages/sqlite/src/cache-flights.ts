import type { CacheAnswer } from "@workstream/core";

type Flight = { owner: string; lapsesAt: number };

/** Those that wait for one result come back so far apart when nobody says that it is there. */
export const apartMs = 20;
/** When a flight ends without a result, the first who waits has this long to begin the next. */
export const nextFlightMs = 10_000;
/** Beyond so many flights, those that lapsed are forgotten. */
const manyFlights = 1_000;

/**
 * Who computes which result. Everybody who could is in this process, so it is kept in memory: it ends with them.
 */
export class CacheFlights {
  readonly #flights = new Map<string, Flight>();

  /** The first who asks has the flight for `flightMs`; its owner may ask again. Null: another has it. */
  begin(digest: string, owner: string, times: { now: number; flightMs: number }): CacheAnswer | null {
    const { now, flightMs } = times;
    const held = this.#held(digest, now);
    if (held && held.owner !== owner) return null;
    if (this.#flights.size >= manyFlights) this.#forgetLapsed(now);
    this.#flights.set(digest, { owner, lapsesAt: now + flightMs });
    return { kind: "mine" };
  }

  /** When the flight under way lapses; null: there is none. */
  lapseOf(digest: string, now: number): number | null {
    return this.#held(digest, now)?.lapsesAt ?? null;
  }

  isHeldBy(owner: string, digest: string, now: number): boolean {
    return this.#held(digest, now)?.owner === owner;
  }

  /** False when it was not the owner's. */
  end(digest: string, owner: string): boolean {
    return this.#flights.get(digest)?.owner === owner && this.#flights.delete(digest);
  }

  #held(digest: string, now: number): Flight | null {
    const flight = this.#flights.get(digest);
    return flight && flight.lapsesAt > now ? flight : null;
  }

  #forgetLapsed(now: number): void {
    for (const [digest, { lapsesAt }] of this.#flights) if (lapsesAt <= now) this.#flights.delete(digest);
  }
}
