import { describe, expect, it } from "vitest";
import { SlotPools } from "./slot-pools.ts";

const queue = (name: string, concurrency: number | null = null) => ({ queue: name, concurrency });
const general = { isInKeptSlot: false };
const kept = { isInKeptSlot: true };

describe("SlotPools", () => {
  it("share what a worker runs at once", () => {
    const slots = new SlotPools({ concurrency: 5, highPrioritySlots: 2 }, [queue("a")], () => 0);
    expect(slots.of(general).offer(100)).toEqual({ queues: { a: 3 }, limit: 3 });
    expect(slots.of(kept).offer(100)).toEqual({ queues: { a: 2 }, limit: 2 });
    expect([slots.unheld, slots.engaged, slots.isIdle]).toEqual([5, 5, true]);
  });

  it("count what is held in the pool that it is held in", () => {
    const slots = new SlotPools({ concurrency: 3, highPrioritySlots: 1 }, [queue("a")], () => 0);
    slots.of(kept).hold("a");
    expect([slots.unheld, slots.isIdle, slots.kept.offer(9)]).toEqual([2, false, null]);
    expect(slots.general.offer(9)?.limit).toBe(2);
    slots.of(kept).release("a");
    expect([slots.unheld, slots.isIdle]).toEqual([3, true]);
  });

  it("claim nothing ahead for those that are kept", () => {
    const slots = new SlotPools({ concurrency: 3, highPrioritySlots: 1 }, [queue("a")], () => 50);
    expect([slots.general.offer(100)?.limit, slots.kept.offer(100)?.limit]).toEqual([52, 1]);
  });

  it("keep none for a queue whose type has a bound of its own, unless that is more than the worker runs", () => {
    const served = [queue("a", 1), queue("b", 4), queue("c")];
    const slots = new SlotPools({ concurrency: 4, highPrioritySlots: 2 }, served, () => 0);
    expect(slots.kept.openQueues()).toEqual(["b", "c"]);
    const sizes = { concurrency: 2, highPrioritySlots: 1 };
    expect(new SlotPools(sizes, [queue("a", 1)], () => 0).kept.isUnused).toBe(true);
  });
});
