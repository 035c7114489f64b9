import {
  freshGuard,
  isBeyondLine,
  leaveLine,
  type ParkedFor,
  resultPrefix,
  seatAnew,
} from "@workstream/core";
import { apartMs, type CacheFlights, nextFlightMs } from "./cache-flights.ts";
import type { CacheTable } from "./cache-table.ts";
import { anyText, type Connection, type Statement } from "./connection.ts";
import type { GuardTable } from "./guard-table.ts";

type Parts = { connection: Connection; guards: GuardTable; cached: CacheTable; flights: CacheFlights };

type Parked = [seq: number, position: number, cost: number, tokens: number];

/** Flights that lapse this close together need no other due times. */
const flightLatenessMs = 5_000;

/**
 * What parked tasks wait for, each line in the order in which its tasks came: docs/guards.md, "Lines".
 * Every method is one step of the caller's transaction.
 */
export class ParkedLines {
  readonly #parts: Parts;
  readonly #join: Statement;
  readonly #isEmpty: Statement;
  readonly #mark: Statement;
  readonly #markAll: Statement;
  readonly #firstStale: Statement;
  readonly #next: Statement;
  readonly #seat: Statement;
  readonly #advance: Statement;
  readonly #finish: Statement;
  readonly #before: Statement;
  readonly #length: Statement;
  readonly #firstDue: Statement;

  constructor(parts: Parts) {
    const { prepare } = parts.connection;
    this.#parts = parts;
    this.#join = prepare(
      `INSERT INTO parked_tasks (task, name, position, why, cost, tokens) VALUES (?1, ?2,
        max(?3, 1 + coalesce((SELECT max(position) FROM parked_tasks WHERE name = ?2), 0)), ?4, ?5, ?6)`,
    );
    this.#isEmpty = prepare("SELECT NOT EXISTS (SELECT 1 FROM parked_tasks WHERE name = ?)");
    this.#mark = prepare("INSERT OR REPLACE INTO stale_lines (name, position) VALUES (?, 0)");
    this.#markAll = prepare(
      "INSERT OR REPLACE INTO stale_lines (name, position) SELECT DISTINCT name, 0 FROM parked_tasks WHERE name GLOB 'cache:*'",
    );
    this.#firstStale = prepare("SELECT name, position FROM stale_lines ORDER BY position, name LIMIT 1");
    this.#next = prepare(
      "SELECT task, position, cost, tokens FROM parked_tasks WHERE name = ? AND position > ? ORDER BY position LIMIT ?",
    );
    this.#seat = prepare("UPDATE tasks SET rank = ?1, retry_after = ?1 WHERE seq = ?2");
    this.#advance = prepare("UPDATE stale_lines SET position = ? WHERE name = ?");
    this.#firstDue = prepare(
      "SELECT rank FROM parked_tasks JOIN tasks ON seq = task WHERE name = ? ORDER BY position LIMIT 1",
    );
    this.#length = prepare("SELECT count(*) FROM parked_tasks WHERE name = ?");
    this.#before = prepare("SELECT count(*) FROM parked_tasks WHERE name = ? AND position < ?");
    this.#finish = prepare("DELETE FROM stale_lines WHERE name = ?");
  }

  /** A task that is parked until `dueAt` stands last in its line. */
  join(seq: number, parking: ParkedFor, { dueAt, now }: { dueAt: number; now: number }): void {
    const { name, why, cost = 1, tokens = 0 } = parking;
    this.#join.run(seq, name, now * 1_000, anyText(why), cost, tokens);
    const digest = digestIn(name);
    if (digest !== null) this.#joinResult(seq, { name, digest, now });
    else this.#joinService(name, dueAt);
  }

  /** The first of a line comes now. */
  wakeFirst(name: string, now: number): void {
    const first = this.#next.first<Parked>(name, 0, 1);
    if (first) this.#seat.run(now, first[0]);
  }

  /** The tasks of this line get new due times by the next promotions. */
  mark(name: string): void {
    if (!this.isEmpty(name)) this.#mark.run(name);
  }

  /** Whoever computed a result is gone with the last process. */
  markResults(): void {
    this.#markAll.run();
  }

  lengthOf(name: string): number {
    return this.#length.first<[number]>(name)?.[0] ?? 0;
  }

  get hasStale(): boolean {
    return this.#firstStale.first() !== undefined;
  }

  isEmpty(name: string): boolean {
    return this.#isEmpty.first<[number]>(name)?.[0] === 1;
  }

  /** Gives at most `limit` tasks of stale lines new due times; answers whether there are more. */
  seatSome(limit: number, now: number): boolean {
    let left = limit;
    for (;;) {
      const stale = this.#firstStale.first<[string, number]>();
      if (!stale) return false;
      if (left <= 0) return true;
      const [name, after] = stale;
      const parked = this.#next.all<Parked>(name, after, left);
      this.#seatAll(name, parked, now);
      left -= parked.length;
      const last = parked.at(-1);
      if (last && left <= 0) this.#advance.run(last[1], name);
      else this.#finish.run(name);
    }
  }

  #seatAll(name: string, parked: readonly Parked[], now: number): void {
    const digest = digestIn(name);
    const dues =
      digest === null ? this.#placesAt(name, parked, now) : this.#waitsFor(name, digest, parked, now);
    for (const [index, [seq]] of parked.entries()) this.#seat.run(dues[index] ?? now, seq);
  }

  #placesAt(service: string, parked: readonly Parked[], now: number): number[] {
    const { guards } = this.#parts;
    const guard = guards.find(service) ?? freshGuard();
    const dues = parked.map(([, , cost, tokens]) => seatAnew(guard, { cost, tokens }, now));
    if (parked.length > 0) guards.save(service, guard);
    return dues;
  }

  #waitsFor(name: string, digest: string, parked: readonly Parked[], now: number): number[] {
    const { cached, flights } = this.#parts;
    if (cached.has(digest, now)) return parked.map(() => now);
    const lapsesAt = flights.lapseOf(digest, now);
    const before = this.#before.first<[number]>(name, parked[0]?.[1] ?? 0)?.[0] ?? 0;
    return parked.map((_, index) => {
      const rank = before + index;
      return rank === 0 && lapsesAt === null ? now : (lapsesAt ?? now + nextFlightMs) + rank * apartMs;
    });
  }

  /** Its place may be from before the line began anew: then all get new ones. */
  #joinService(name: string, dueAt: number): void {
    const { guards } = this.#parts;
    const guard = guards.find(name);
    if (!isBeyondLine(guard ?? freshGuard(), dueAt)) return;
    if (guard) {
      leaveLine(guard);
      guard.limiter.isLineStale = false;
      guards.save(name, guard);
    }
    this.mark(name);
  }

  /** It comes at once when nobody computes the result any more. */
  #joinResult(seq: number, { name, digest, now }: { name: string; digest: string; now: number }): void {
    const lapsesAt = this.#parts.flights.lapseOf(digest, now);
    if (lapsesAt === null) this.#seat.run(now, seq);
    else if (this.#isOfEarlierFlight(name, lapsesAt)) this.mark(name);
  }

  /** When the first comes long before the flight lapses, those that wait do so for an earlier one. */
  #isOfEarlierFlight(name: string, lapsesAt: number): boolean {
    const [dueAt = lapsesAt] = this.#firstDue.first<[number]>(name) ?? [];
    return dueAt + flightLatenessMs < lapsesAt;
  }
}

/** Of the line of a cached result; null for that of a service. */
function digestIn(name: string): string | null {
  return name.startsWith(resultPrefix) ? name.slice(resultPrefix.length) : null;
}
