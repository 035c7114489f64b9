import type { EventFeed, StoreEvents, TaskChange } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SharedFeed } from "./shared-feed.ts";
import { TaskWatches } from "./task-watches.ts";

type Listener = Parameters<EventFeed["subscribe"]>[0];

/** A store's feed whose messages the test sends. */
function openFeed() {
  const open = new Set<Listener>();
  const seen = { subscriptions: 0, isAway: false };
  const feed: EventFeed = {
    async subscribe(listener) {
      if (seen.isAway) throw new Error("away");
      seen.subscriptions += 1;
      open.add(listener);
      return { close: async () => void open.delete(listener) };
    },
  };
  const publish = (...ids: string[]) => {
    const changes = ids.map(
      (id): TaskChange => ({ id, type: "t", oldState: null, newState: "PENDING", at: 0 }),
    );
    for (const listener of open) listener.onEvents({ changes } as StoreEvents);
  };
  return { feed, seen, open, publish };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function openWatches() {
  const stage = openFeed();
  const watches = new TaskWatches(new SharedFeed(stage.feed), { resyncMs: 5_000 });
  const hints: string[] = [];
  const watch = (id: string) => watches.watch(id, () => hints.push(id));
  return { ...stage, hints, watch };
}

describe("a watch", () => {
  it("is told of its own task, and of a gap", async () => {
    const { open, publish, hints, watch } = await openWatches();
    await watch("a");
    await watch("b");
    publish("a", "c");
    expect(hints).toEqual(["a"]);
    for (const listener of open) listener.onGap();
    expect(hints).toEqual(["a", "a", "b"]);
  });

  it("looks again a second after a full message, once, and every few seconds", async () => {
    const { publish, hints, watch } = await openWatches();
    await watch("a");
    const others = Array.from({ length: 100 }, (_, n) => `other-${n}`);
    publish(...others);
    publish(...others);
    expect(hints).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(hints).toEqual(["a"]);
    vi.advanceTimersByTime(4_000);
    expect(hints).toEqual(["a", "a"]);
  });

  it("shares one subscription, which ends with the last", async () => {
    const { seen, open, watch } = await openWatches();
    const [first, second] = await Promise.all([watch("a"), watch("b")]);
    expect([seen.subscriptions, open.size]).toEqual([1, 1]);
    await first?.close();
    expect(open.size).toBe(1);
    await second?.close();
    expect(open.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await watch("a");
    expect([seen.subscriptions, open.size]).toEqual([2, 1]);
  });

  it("fails while the store is away, and works when it is back", async () => {
    const { seen, publish, hints, watch } = await openWatches();
    seen.isAway = true;
    await expect(Promise.all([watch("a"), watch("a")])).rejects.toThrow("away");
    seen.isAway = false;
    await watch("a");
    publish("a");
    expect(hints).toEqual(["a"]);
  });
});
