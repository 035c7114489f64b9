import type { TaskDetail, TaskState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { foldTimeline } from "./fold-timeline.ts";
import { type TimelineFacts, type TimelineItem, timelineOf } from "./timeline-model.ts";

const start = Date.parse("2026-01-01T00:00:00.000Z");
const iso = (second: number) => new Date(start + second * 1000).toISOString();

type Entry = [TaskState, number];

function task(history: Entry[], more: Partial<TimelineFacts> = {}): TimelineFacts {
  return {
    state: history.at(-1)?.[0] ?? "PENDING",
    state_history: history.map(([state, second]) => ({ state, timestamp: iso(second) })),
    error_history: [],
    retry_count: 0,
    worker_id: "worker-1",
    ...more,
  };
}

function failure(
  second: number,
  retryCount: number,
  more: Partial<TaskDetail["error_history"][number]> = {},
) {
  return {
    timestamp: iso(second),
    error: `failed at ${second}`,
    error_type: "Default" as const,
    retry_count: retryCount,
    state_transition: "ACTIVE → SCHEDULED",
    worker_id: "worker-2",
    ...more,
  };
}

/** One word an item: what stands on the trunk by its cause or state, attempts by number and outcome. */
function told(items: readonly TimelineItem[]): string[] {
  return items.map((item) => {
    if (item.kind === "wait") return item.cause;
    if (item.kind === "attempt") return `${item.number} ${item.outcome}`;
    return item.kind === "rest" ? item.state : "gap";
  });
}

describe("timelineOf", () => {
  it("tells a straight life, with the time that each part took", () => {
    const items = timelineOf(
      task([
        ["PENDING", 0],
        ["ACTIVE", 2],
        ["COMPLETED", 7],
      ]),
    );
    expect(told(items)).toEqual(["accepted", "1 completed", "COMPLETED"]);
    expect(items.map(({ startAt, endAt }) => (endAt === null ? null : (endAt - startAt) / 1000))).toEqual([
      2,
      5,
      null,
    ]);
  });

  it("leaves what goes on without an end", () => {
    expect(timelineOf(task([["PENDING", 0]])).at(-1)).toMatchObject({ kind: "wait", endAt: null });
    expect(
      timelineOf(
        task([
          ["PENDING", 0],
          ["ACTIVE", 1],
        ]),
      ).at(-1),
    ).toMatchObject({
      outcome: "running",
      endAt: null,
      workerId: "worker-1",
    });
  });

  it("makes each attempt a branch that ends in its failure", () => {
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["ACTIVE", 1],
          ["FAILED", 2],
          ["SCHEDULED", 2],
          ["PENDING", 7],
          ["ACTIVE", 8],
          ["COMPLETED", 9],
        ],
        { error_history: [failure(2, 0)], retry_count: 1 },
      ),
    );
    expect(told(items)).toEqual(["accepted", "1 failed", "backing_off", "due", "2 completed", "COMPLETED"]);
    expect(items[1]).toMatchObject({ error: { error: "failed at 2" }, workerId: "worker-2" });
    expect(items[4]).toMatchObject({ error: null, workerId: "worker-1" });
  });

  it("puts a dead letter on the trunk, and its error on the attempt", () => {
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["ACTIVE", 1],
          ["FAILED", 3],
          ["DLQ", 3],
        ],
        { error_history: [failure(3, 0, { error_type: "PermanentError" })] },
      ),
    );
    expect(told(items)).toEqual(["accepted", "1 failed", "DLQ"]);
    expect(items[1]).toMatchObject({ error: { error_type: "PermanentError" } });
    expect(items[2]).toMatchObject({ error: null });
  });

  it("lets a task rest in FAILED", () => {
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["ACTIVE", 1],
          ["FAILED", 3],
        ],
        { error_history: [failure(3, 0)] },
      ),
    );
    expect(told(items)).toEqual(["accepted", "1 failed", "FAILED"]);
  });

  it("gives the error of a task that never ran to its rest", () => {
    const rejected = failure(4, 0, { state_transition: "PENDING → DLQ" });
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["DLQ", 4],
        ],
        { error_history: [rejected] },
      ),
    );
    expect(items.at(-1)).toMatchObject({ kind: "rest", state: "DLQ", error: { error: "failed at 4" } });
  });

  it("begins a new life where an operator retries", () => {
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["ACTIVE", 1],
          ["FAILED", 2],
          ["DLQ", 2],
          ["PENDING", 60],
          ["ACTIVE", 61],
        ],
        { error_history: [failure(2, 3)], retry_count: 0 },
      ),
    );
    expect(told(items)).toEqual(["accepted", "4 failed", "DLQ", "retried", "1 running"]);
    expect(items[2]).toMatchObject({ endAt: start + 60_000 });
  });

  it("tells a task that was cancelled while it ran", () => {
    const items = timelineOf(
      task([
        ["PENDING", 0],
        ["ACTIVE", 1],
        ["CANCELLED", 5],
      ]),
    );
    expect(told(items)).toEqual(["accepted", "1 cancelled", "CANCELLED"]);
  });

  it("makes an attempt that was parked again under its number", () => {
    const items = timelineOf(
      task([
        ["PENDING", 0],
        ["ACTIVE", 1],
        ["SCHEDULED", 2],
        ["PENDING", 20],
        ["ACTIVE", 21],
      ]),
    );
    expect(told(items)).toEqual(["accepted", "1 set_aside", "set_aside", "due", "1 running"]);
  });

  it("tells a lost worker from one that handed its task back", () => {
    const lost = failure(2, 0, { error_type: "WorkerLost", state_transition: "ACTIVE → PENDING" });
    const items = timelineOf(
      task(
        [
          ["PENDING", 0],
          ["ACTIVE", 1],
          ["PENDING", 2],
          ["ACTIVE", 3],
          ["PENDING", 4],
        ],
        { error_history: [lost] },
      ),
    );
    expect(told(items)).toEqual(["accepted", "1 worker_lost", "worker_lost", "1 handed_back", "handed_back"]);
  });

  it("tells a delay from the beginning", () => {
    expect(
      told(
        timelineOf(
          task([
            ["SCHEDULED", 0],
            ["PENDING", 9],
          ]),
        ),
      ),
    ).toEqual(["delayed", "due"]);
  });

  it("says where a long history was cut", () => {
    const history: Entry[] = [["PENDING", 0]];
    for (let step = 1; history.length < 200; step++) history.push(["ACTIVE", step], ["PENDING", step]);
    expect(told(timelineOf(task(history))).slice(0, 3)).toEqual(["accepted", "gap", "1 handed_back"]);
  });
});

describe("timelineOf a history that was cut", () => {
  it("takes a failure without its attempt for no rest, and the first wait for none that is known", () => {
    const history: Entry[] = [
      ["PENDING", 0],
      ["FAILED", 5],
      ["SCHEDULED", 5],
    ];
    for (let step = 6; history.length < 200; step++) history.push(["PENDING", step], ["ACTIVE", step]);
    const items = timelineOf(task(history.slice(0, 200)));
    expect(told(items).slice(0, 4)).toEqual(["accepted", "gap", "backing_off", "due"]);
    expect(items[0]).toMatchObject({ startAt: start, endAt: start });
  });
});

describe("foldTimeline", () => {
  function retried(attempts: number): TimelineItem[] {
    const history: Entry[] = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      const at = attempt * 10;
      history.push(["PENDING", at], ["ACTIVE", at + 1], ["FAILED", at + 2], ["SCHEDULED", at + 2]);
    }
    const errors = Array.from({ length: attempts }, (_, attempt) => failure(attempt * 10 + 2, attempt));
    return timelineOf(task(history.slice(0, 199), { error_history: errors, retry_count: attempts }));
  }

  it("leaves a history of a dozen attempts as it is", () => {
    const items = retried(12);
    expect(foldTimeline(items)).toEqual(items);
  });

  it("folds the middle of fifty, and loses nothing", () => {
    const items = retried(49);
    const folded = foldTimeline(items);
    expect(folded.length).toBeLessThan(25);
    expect(folded.find((item) => item.kind === "fold")).toMatchObject({ attempts: 42, failed: 42 });
    expect(folded.flatMap((item) => (item.kind === "fold" ? item.items : [item]))).toEqual(items);
    const numbers = folded.flatMap((item) => (item.kind === "attempt" ? [item.number] : []));
    expect(numbers).toEqual([1, 2, 45, 46, 47, 48, 49]);
  });
});
