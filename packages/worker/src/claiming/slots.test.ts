import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SlotOffer, Slots } from "./slots.ts";

const queue = (name: string, concurrency: number | null = null) => ({ queue: name, concurrency });

describe("Slots", () => {
  it("offers every free slot to each queue, and all of them once", () => {
    const slots = new Slots(5, [queue("a"), queue("b")]);
    slots.hold("a");
    expect(slots.offer(100)).toEqual({ queues: { a: 4, b: 4 }, limit: 4 });
    expect(slots.offer(100)).toBeNull();
    expect([slots.free, slots.unheld]).toEqual([0, 4]);
  });

  it("offers again what a claim left", () => {
    const slots = new Slots(3, [queue("a")]);
    const offer = slots.offer(100) as SlotOffer;
    slots.withdraw(offer);
    slots.hold("a");
    expect(slots.offer(100)).toEqual({ queues: { a: 2 }, limit: 2 });
  });

  it("keeps a queue with its own concurrency in bounds, claims under way included", () => {
    const slots = new Slots(10, [queue("a"), queue("b", 2)]);
    slots.hold("b");
    expect(slots.offer(4)).toEqual({ queues: { a: 4, b: 1 }, limit: 4 });
    expect(slots.offer(4)?.queues).toEqual({ a: 4 });
    expect(slots.openQueues()).toEqual(["a"]);
  });

  it("asks for no more than the bounded queues may give together", () => {
    const slots = new Slots(10, [queue("a", 1), queue("b", 2)]);
    expect(slots.offer(100)).toEqual({ queues: { a: 1, b: 2 }, limit: 3 });
    expect(slots.free).toBe(7);
    expect(slots.openQueues()).toEqual([]);
    expect(slots.offer(100)).toBeNull();
  });

  it("lets queues take turns at being asked first", () => {
    const slots = new Slots(1, [queue("a"), queue("b"), queue("c")]);
    const firsts = Array.from({ length: 4 }, () => {
      const offer = slots.offer(1) as SlotOffer;
      slots.withdraw(offer);
      return Object.keys(offer.queues)[0];
    });
    expect(firsts).toEqual(["a", "b", "c", "a"]);
  });

  it("offers nothing while more is held than there is room for", () => {
    const slots = new Slots(1, [queue("a")]);
    slots.hold("a");
    slots.hold("a");
    expect([slots.free, slots.openQueues(), slots.offer(1)]).toEqual([0, [], null]);
    slots.release("a");
    expect(slots.free).toBe(0);
    slots.release("a");
    expect(slots.free).toBe(1);
  });

  it("holds tasks of queues that it does not serve", () => {
    const slots = new Slots(2, [queue("a")]);
    slots.hold("stray");
    expect(slots.free).toBe(1);
  });

  describe("claiming ahead", () => {
    const ahead = (queue: string) => (queue === "fast" || queue === "faster" ? 6 : 0);

    it("offers more than is free to queues whose tasks are fast, and to no others", () => {
      const slots = new Slots(4, [queue("fast"), queue("slow"), queue("bounded", 2)], ahead);
      slots.hold("slow");
      expect(slots.offer(100)).toEqual({ queues: { fast: 9, slow: 3, bounded: 2 }, limit: 9 });
      expect(slots.engaged).toBe(10);
      expect(slots.offer(100)).toBeNull();
    });

    it("says that no queue is open while only more could be claimed ahead", () => {
      const slots = new Slots(1, [queue("fast")], ahead);
      slots.hold("fast");
      expect([slots.openQueues(), slots.offerFree(100)]).toEqual([[], null]);
      expect(slots.offer(100)).toEqual({ queues: { fast: 6 }, limit: 6 });
    });

    it("engages no more than one script takes, also with many slots", () => {
      const slots = new Slots(100, [queue("fast")], () => 10_000);
      expect(slots.offer(1000)?.limit).toBe(250);
      expect(new Slots(300, [queue("fast")], () => 10_000).offer(1000)?.limit).toBe(300);
    });

    it("claims one for two that are let go while more is held than its tasks are worth by now", () => {
      let bound = 6;
      const slots = new Slots(2, [queue("fast")], () => bound);
      for (let n = 0; n < 8; n += 1) slots.hold("fast");
      bound = 2;
      expect(slots.offer(100)).toBeNull();
      slots.release("fast");
      expect(slots.offer(100)).toBeNull();
      slots.release("fast");
      expect(slots.offer(100)).toEqual({ queues: { fast: 1 }, limit: 1 });
      slots.hold("fast");
      bound = 0;
      for (let n = 0; n < 4; n += 1) slots.release("fast");
      expect(slots.offer(100)).toBeNull();
    });

    it("runs no more than there are slots", () => {
      const slots = new Slots(2, [queue("fast")], ahead);
      slots.occupy();
      expect(slots.hasRoom).toBe(true);
      slots.occupy();
      expect(slots.hasRoom).toBe(false);
      slots.vacate();
      expect(slots.hasRoom).toBe(true);
    });
  });

  it("never offers more than is free, or may be claimed ahead, whatever happens", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("offer", "withdraw", "release"), fc.nat(6)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 20 }),
        steps,
        (concurrency, bound, ahead, all) => {
          const slots = new Slots(concurrency, [queue("a"), queue("b", bound), queue("c")], (name) =>
            name === "c" ? ahead : 0,
          );
          const offers: SlotOffer[] = [];
          const held: string[] = [];
          for (const [step, n] of all) {
            if (step === "offer") {
              const { free } = slots;
              const offer = slots.offer(n);
              if (offer) offers.push(offer);
              expect(Math.max(offer?.queues.a ?? 0, offer?.queues.b ?? 0)).toBeLessThanOrEqual(free);
            }
            if (step === "withdraw") claim(slots, offers.shift(), held);
            if (step === "release") release(slots, held.shift());
            const offered = offers.reduce((sum, { limit }) => sum + limit, 0);
            const ofB = offers.reduce((sum, { queues }) => sum + (queues.b ?? 0), 0);
            expect(slots.free).toBe(Math.max(0, concurrency - offered - held.length));
            expect(offered + held.length).toBeLessThanOrEqual(concurrency + ahead);
            expect(ofB + held.filter((name) => name === "b").length).toBeLessThanOrEqual(bound);
          }
        },
      ),
    );
  });
});

/** A claim that was answered in full, first from b. */
function claim(slots: Slots, offer: SlotOffer | undefined, held: string[]): void {
  if (!offer) return;
  slots.withdraw(offer);
  for (let taken = 0; taken < offer.limit; taken += 1) {
    const [b = 0, a = 0, c = 0] = [offer.queues.b, offer.queues.a, offer.queues.c];
    const name = taken < b ? "b" : taken < b + a ? "a" : "c";
    if (name === "c" && taken >= a + b + c) return;
    slots.hold(name);
    held.push(name);
  }
}

function release(slots: Slots, name: string | undefined): void {
  if (name) slots.release(name);
}
