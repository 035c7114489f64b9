import type { QueueStatus } from "@workstream/core";
import { describe, expect, it, vi } from "vitest";
import { QueueLimit } from "./queue-limit.ts";

const status = { queues: { primary: 8, reports: 0, scheduled: 10 } } as unknown as QueueStatus;
const now = { delayMs: 0, runAt: null };
const to = (...queues: string[]) => queues.map((queue) => ({ ...now, queue }));

/** A limit on a store whose every reading is answered by the next of `answers`, and by the last for ever. */
function limitOn(maxDepth: number | null, ...answers: (() => Promise<QueueStatus>)[]) {
  let asked = 0;
  const limit = new QueueLimit(
    {
      status: () => {
        asked += 1;
        const answer = answers[Math.min(asked, answers.length) - 1];
        return answer ? answer() : Promise.reject(new Error("asked"));
      },
    },
    maxDepth,
  );
  return { limit, asked: () => asked };
}

describe("QueueLimit", () => {
  it("refuses what would pass the limit, queue by queue, and names the setting", async () => {
    const { limit } = limitOn(10, async () => status);
    await limit.check(to("primary", "reports", "new"));
    await expect(limit.check(to("primary", "primary"))).rejects.toMatchObject({
      code: "too_many_requests",
      message: expect.stringContaining("at most 10 waiting tasks (MAX_QUEUE_DEPTH)"),
      details: { retry_after_seconds: 10 },
    });
  });

  it("counts what it let through since it read", async () => {
    const { limit, asked } = limitOn(10, async () => status);
    await limit.check(to("primary"));
    await limit.check(to("primary"));
    await expect(limit.check(to("primary"))).rejects.toMatchObject({ code: "too_many_requests" });
    expect(asked()).toBe(1);
  });

  it("counts it until a later reading knows of it", async () => {
    vi.useFakeTimers();
    try {
      const grown = async () => ({ queues: { primary: 10 } }) as unknown as QueueStatus;
      const { limit } = limitOn(10, async () => status, grown);
      await limit.check(to("primary", "primary"));
      vi.advanceTimersByTime(600);
      await expect(limit.check(to("primary"))).rejects.toMatchObject({ code: "too_many_requests" });
    } finally {
      vi.useRealTimers();
    }
  });

  it("counts nothing twice where every reading outlasts the next question", async () => {
    vi.useFakeTimers();
    try {
      const drained = { queues: { primary: 0 } } as unknown as QueueStatus;
      const slow = () =>
        new Promise<QueueStatus>((resolve) => {
          setTimeout(() => resolve(drained), 900);
        });
      const { limit } = limitOn(10, async () => drained, slow);
      for (let second = 0; second < 20; second++) {
        await limit.check(to("primary", "primary"));
        await vi.advanceTimersByTimeAsync(600);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["a delay", { delayMs: 1, runAt: null }],
    ["an instant", { delayMs: 0, runAt: 1 }],
  ])("bounds what is scheduled too: with %s", async (_, due) => {
    const { limit } = limitOn(10, async () => status);
    await limit.check(to("new"));
    await expect(limit.check([{ ...due, queue: "new" }])).rejects.toThrow(/scheduled/);
  });

  it("asks the store once for all that come at the same time", async () => {
    const { limit, asked } = limitOn(8, async () => status);
    const all = await Promise.allSettled([limit.check(to("primary")), limit.check(to("reports"))]);
    expect(all.map((one) => one.status)).toEqual(["rejected", "fulfilled"]);
    expect(asked()).toBe(1);
  });

  it("waits for depths once, and later only before it refuses", async () => {
    vi.useFakeTimers();
    try {
      const never = () => new Promise<QueueStatus>(() => {});
      const drained = async () => ({ queues: { primary: 0 } }) as unknown as QueueStatus;
      const { limit, asked } = limitOn(10, async () => status, never, drained);
      await limit.check(to("primary"));
      vi.advanceTimersByTime(600);
      await limit.check(to("primary"));
      expect(asked()).toBe(2);
      vi.advanceTimersByTime(600);
      await limit.check(to("primary", "primary", "primary", "primary"));
      expect(asked()).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["fails", () => Promise.reject(new Error("lost"))],
    ["hangs", () => new Promise<QueueStatus>(() => {})],
  ])("leaves it to the store what it can take when reading it %s", async (_, answer) => {
    const { limit } = limitOn(1, answer);
    await expect(limit.check(to("primary", "primary"))).resolves.toBeUndefined();
  });

  it("asks nothing without a limit", async () => {
    const { limit, asked } = limitOn(null);
    await limit.check(to("primary"));
    expect(asked()).toBe(0);
  });
});
