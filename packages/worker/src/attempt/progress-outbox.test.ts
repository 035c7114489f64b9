import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";
import { ProgressOutbox, progressIntervalMs } from "./progress-outbox.ts";

function setUp(answer: () => Promise<void> = async () => {}) {
  const sent: string[][] = [];
  const outbox = new ProgressOutbox({
    send(attempts) {
      sent.push(attempts.map(({ task }) => task.id));
      return answer();
    },
    logger: silentLogger,
  });
  return { outbox, sent };
}

const attempt = (id: string) => ({ task: { id } }) as Attempt;

describe("ProgressOutbox", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("sends what gathered within an interval in one call", async () => {
    const { outbox, sent } = setUp();
    const [a, b] = [attempt("a"), attempt("b")];
    for (const each of [a, b, a]) outbox.add(each);
    await vi.advanceTimersByTimeAsync(progressIntervalMs - 1);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([["a", "b"]]);
    outbox.add(a);
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    expect(sent).toEqual([["a", "b"], ["a"]]);
  });

  it("flushes the attempts that end in one turn together", async () => {
    const { outbox, sent } = setUp();
    outbox.add(attempt("a"));
    const flushed = [outbox.flush(), outbox.flush()];
    outbox.add(attempt("b"));
    await vi.advanceTimersByTimeAsync(0);
    await Promise.all(flushed);
    expect(sent).toEqual([["a", "b"]]);
  });

  it("ends a flush only after a call that is under way", async () => {
    const order: string[] = [];
    const { outbox } = setUp(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push("sent");
    });
    outbox.add(attempt("a"));
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    const flushed = outbox.flush().then(() => order.push("flushed"));
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    expect(order).toEqual(["sent", "flushed"]);
  });

  it("goes on after a call that failed", async () => {
    const { outbox, sent } = setUp(() => Promise.reject(new Error("away")));
    outbox.add(attempt("a"));
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    outbox.add(attempt("b"));
    const flushed = outbox.flush();
    await vi.advanceTimersByTimeAsync(0);
    await expect(flushed).resolves.toBeUndefined();
    expect(sent).toEqual([["a"], ["b"]]);
  });
});
