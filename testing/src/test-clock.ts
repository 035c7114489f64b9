import { mintTaskId } from "@workstream/core";

/** A clock that stands still until it is told to move. Epoch milliseconds. */
export type TestClock = {
  now(): number;
  /** Moves by `ms`; a negative number turns it back. Answers the new time. */
  advance(ms: number): number;
  set(atMs: number): void;
};

/**
 * Starts at a round minute, so that per-minute figures are predictable. The ids of its first instant begin anew: those of one
 * instant go by a counter of the process that wraps at 4,096, and every clock stands at the same one.
 */
export function testClock(startAtMs: number = Date.UTC(2026, 0, 1, 12, 0, 0)): TestClock {
  mintTaskId(0);
  let atMs = startAtMs;
  return {
    now: () => atMs,
    advance(ms) {
      atMs += ms;
      return atMs;
    },
    set(newAtMs) {
      atMs = newAtMs;
    },
  };
}
