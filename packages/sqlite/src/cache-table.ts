import type { Connection, Statement } from "./connection.ts";
import type { TextTable } from "./text-table.ts";

type CacheBounds = { maxResults: number; maxBytes: number };

/** At most so many results give way at a time. */
const dropsAtOnce = 100;

type Stored = { text: number; bytes: number };

/** Results of earlier tasks by the digest of their key. Every method is one step of the caller's transaction. */
export class CacheTable {
  readonly #texts: TextTable;
  readonly #bounds: CacheBounds;
  readonly #find: Statement;
  readonly #touch: Statement;
  readonly #insert: Statement;
  readonly #lapsed: Statement;
  readonly #oldest: Statement;
  readonly #total: Statement;
  readonly #remove: Statement;

  constructor({ prepare }: Connection, texts: TextTable, bounds: CacheBounds) {
    this.#texts = texts;
    this.#bounds = bounds;
    this.#find = prepare("SELECT text FROM cache_results WHERE digest = ? AND expires_at > ?");
    this.#touch = prepare("UPDATE cache_results SET used_at = ? WHERE digest = ?");
    this.#insert = prepare(
      "INSERT INTO cache_results (digest, text, bytes, used_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#lapsed = prepare(
      "SELECT digest FROM cache_results WHERE expires_at <= ? ORDER BY expires_at LIMIT ?",
    );
    this.#oldest = prepare("SELECT digest FROM cache_results ORDER BY used_at, digest LIMIT 1");
    this.#total = prepare("SELECT results, bytes FROM cache_total");
    this.#remove = prepare("DELETE FROM cache_results WHERE digest = ? RETURNING text");
  }

  /** The result, unless it has lapsed. */
  find(digest: string, now: number): string | null {
    const row = this.#find.first<[number]>(digest, now);
    return row ? this.#texts.read(row[0]) : null;
  }

  has(digest: string, now: number): boolean {
    return this.#find.first<[number]>(digest, now) !== undefined;
  }

  touch(digest: string, now: number): void {
    this.#touch.run(now, digest);
  }

  /**
   * Adds or replaces a result; then those give way that lapsed, and those that the bounds leave no room for. Answers how
   * many went.
   */
  put(digest: string, { text, bytes }: Stored, { now, ttlMs }: { now: number; ttlMs: number }): number {
    const replaced = this.#drop(digest);
    this.#insert.run(digest, text, bytes, now, now + ttlMs);
    let dropped = this.dropLapsed(now);
    for (; dropped < dropsAtOnce && this.#isOver(); dropped++) if (this.#dropOldest() === 0) break;
    return replaced + dropped;
  }

  /** Drops some of the results that lapsed; answers how many. */
  dropLapsed(now: number): number {
    const lapsed = this.#lapsed.all<[string]>(now, dropsAtOnce);
    for (const [digest] of lapsed) this.#drop(digest);
    return lapsed.length;
  }

  #isOver(): boolean {
    const [results, bytes] = this.#total.first<[number, number]>() ?? [0, 0];
    return results > this.#bounds.maxResults || bytes > this.#bounds.maxBytes;
  }

  #dropOldest(): number {
    const [digest = ""] = this.#oldest.first<[string]>() ?? [];
    return this.#drop(digest);
  }

  #drop(digest: string): 0 | 1 {
    const text = this.#remove.all<[number]>(digest)[0]?.[0];
    if (text === undefined) return 0;
    this.#texts.condemn(text);
    return 1;
  }
}
