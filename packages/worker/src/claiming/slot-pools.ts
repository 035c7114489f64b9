import { type Ahead, type ServedQueue, Slots } from "./slots.ts";

/** Whatever holds a slot. */
export type SlotHolder = {
  /** It holds one of the slots that are kept for tasks of high priority. */
  readonly isInKeptSlot: boolean;
};

export type PoolSizes = { concurrency: number; highPrioritySlots: number };

/**
 * The slots of one worker: those for any task, which take what is urgent first, and those that are kept for tasks of high
 * priority, so that one of these need not wait until another task ends.
 *
 * A type with a bound of its own has none of the second kind, for its tasks are counted in one place; unless the bound is
 * more than the worker runs at all.
 */
export class SlotPools {
  readonly general: Slots;
  readonly kept: Slots;

  constructor({ concurrency, highPrioritySlots }: PoolSizes, served: readonly ServedQueue[], ahead: Ahead) {
    const unbounded = served.filter(({ concurrency: bound }) => bound === null || bound >= concurrency);
    this.general = new Slots(concurrency - highPrioritySlots, served, ahead);
    this.kept = new Slots(highPrioritySlots, unbounded);
  }

  of({ isInKeptSlot }: SlotHolder): Slots {
    return isInKeptSlot ? this.kept : this.general;
  }

  /** Slots that no task holds, whether they are offered to a claim or not. */
  get unheld(): number {
    return this.general.unheld + this.kept.unheld;
  }

  /** Nothing is held. */
  get isIdle(): boolean {
    return this.general.isIdle && this.kept.isIdle;
  }

  /** Held, or offered to claims. */
  get engaged(): number {
    return this.general.engaged + this.kept.engaged;
  }
}
