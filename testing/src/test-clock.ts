/** A clock that stands still until it is told to move. Epoch milliseconds. */
export type TestClock = {
  now(): number;
  /** Moves by `ms`; a negative number turns it back. Answers the new time. */
  advance(ms: number): number;
  set(atMs: number): void;
};

/** Starts at a round minute, so that per-minute figures are predictable. */
export function testClock(startAtMs: number = Date.UTC(2026, 0, 1, 12, 0, 0)): TestClock {
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
