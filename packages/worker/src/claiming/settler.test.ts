import { type ClaimedTask, defaultRetryRatio, WorkstreamError } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../logger.ts";
import { ClaimGate } from "./claim-gate.ts";
import { Claims } from "./claims.ts";
import { type Leaseholder, Settler } from "./settler.ts";
import { SlotPools } from "./slot-pools.ts";

const task: ClaimedTask = {
  ...{
    id: "t",
    token: "1",
    type: "echo",
    queue: "echo",
    lane: "normal",
    contentKind: "text",
    content: "",
    metadata: "{}",
  },
  ...{ attempt: 1, retryCount: 0, maxRetries: 3, timeoutMs: null, createdAt: 0, claimedAt: 0, ageMs: 0 },
  wasParked: false,
  freeFailures: 0,
};

/** A settler whose store is away. */
function setUp() {
  const asked: number[] = [];
  const away = () => Promise.reject(new WorkstreamError("store_unavailable", "away"));
  const sizes = { concurrency: 1, highPrioritySlots: 0 };
  const slots = new SlotPools(sizes, [{ queue: "echo", concurrency: null }], () => 0);
  const gate = new ClaimGate({
    ...{ store: { recover: away }, workerId: "w", knownLeases: () => [] },
    logger: silentLogger,
    onClosed() {},
  });
  const claims = new Claims({
    ...{ gate, store: { claim: away, claimAfterWait: away }, workerId: "w", leaseMs: 30_000 },
    ...{ slots: slots.general, retryRatio: defaultRetryRatio, isIdle: () => true, isNeeded: () => true },
    start() {},
    onChange() {},
  });
  const settler = new Settler<Leaseholder>({
    ...{ workerId: "w", concurrency: 1, slots, claims, logger: silentLogger },
    store: {
      settle(_, attempts) {
        asked.push(attempts.length);
        return away();
      },
    },
    onSettled() {},
  });
  return { settler, asked };
}

describe("Settler", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("asks a store that is away again, until it is stopped, and keeps no timer then", async () => {
    const { settler, asked } = setUp();
    settler.settle({ task, isInKeptSlot: false }, { kind: "complete", result: "" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBeGreaterThan(4);
    settler.stop();
    expect(vi.getTimerCount()).toBe(0);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(before);
    expect(settler.unanswered).toBe(1);
  });

  it("asks no more when it is stopped while it asks", async () => {
    const { settler, asked } = setUp();
    settler.settle({ task, isInKeptSlot: false }, { kind: "complete", result: "" });
    settler.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
