/** The answer to one key. `mine`: the caller computes it, and `put`s or `abandon`s it. */
export type CacheAnswer =
  | { kind: "hit"; result: string }
  | { kind: "mine" }
  /**
   * Another computes it. A task that is parked for `waitsFor` is woken when the flight ends: with a result all who wait
   * for it, without one the first. `waitMs`, at least 1, is when to ask again at the latest: the flight has lapsed then.
   */
  | { kind: "busy"; waitMs: number; waitsFor: string };

/** What tells a result, followed by its digest, from a service among what tasks are parked for. */
export const resultPrefix = "cache:";

/**
 * Results of earlier tasks with the same input. One caller at a time computes a key, fleet-wide. Bounded: beyond
 * 10,000 results or 256 MB those that were not used for the longest time give way.
 *
 * Keys may be any text; the stores know them by their SHA-256. An `owner` names whoever computes, such as the id of
 * its task: the same owner that begins again is answered `mine` again, so that neither a lost reply nor a lost worker
 * makes a task wait for itself.
 */
export interface ResultCache {
  /** @param flightMs how long the caller may take, when it becomes `mine`; then another may begin */
  begin(key: string, owner: string, flightMs: number): Promise<CacheAnswer>;

  /**
   * Stores the result for `ttlMs`, at least 1, and ends the flight. Nothing is stored when the flight is no longer the
   * owner's, or it is over 1 MB. A result that was not stored is no reason to fail the task that has it.
   * @throws store_full: it was not stored, and the flight has ended all the same
   */
  put(key: string, owner: string, result: { text: string; ttlMs: number }): Promise<void>;

  /** Ends the owner's flight without a result: another may begin at once. */
  abandon(key: string, owner: string): Promise<void>;
}

export const maxCachedResults = 10_000;
export const maxCachedBytes = 256 * 1024 * 1024;
export const maxCachedResultBytes = 1024 * 1024;
