import type { Turn } from "@workstream/core";

/** A turn that the store reserved for this process, whoever of its callers uses it. */
export type TurnPlace = {
  turn: Turn;
  /** Grows with every place of this process: the order on the limiter's clock. */
  number: number;
  cost: number;
  tokens: number;
  /** On the monotonic clock, ms. */
  dueAt: number;
  /** The store said that its time has come. */
  isGranted: boolean;
};
