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
    expect(slots.free).toBe(0);
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

  it("never offers more than is free, whatever happens", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("offer", "withdraw", "release"), fc.nat(6)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        steps,
        (concurrency, bound, all) => {
          const slots = new Slots(concurrency, [queue("a"), queue("b", bound)]);
          const offers: SlotOffer[] = [];
          const held: string[] = [];
          for (const [step, n] of all) {
            if (step === "offer") offers.push(...[slots.offer(n)].filter((offer) => offer !== null));
            if (step === "withdraw") claim(slots, offers.shift(), held);
            if (step === "release") release(slots, held.shift());
            const offered = offers.reduce((sum, { limit }) => sum + limit, 0);
            const ofB = offers.reduce((sum, { queues }) => sum + (queues.b ?? 0), 0);
            expect(slots.free).toBe(concurrency - offered - held.length);
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
    const name = taken < (offer.queues.b ?? 0) ? "b" : "a";
    if (name === "a" && offer.queues.a === undefined) return;
    slots.hold(name);
    held.push(name);
  }
}

function release(slots: Slots, name: string | undefined): void {
  if (name) slots.release(name);
}
