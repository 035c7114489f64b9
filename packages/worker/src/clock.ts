/** Monotonic time for intervals: it never goes back, and says nothing of the date. */
export type Clock = { nowMs(): number };

export const systemClock: Clock = { nowMs: () => performance.now() };
