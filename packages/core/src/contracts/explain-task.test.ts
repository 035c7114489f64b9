import { describe, expect, it } from "vitest";
import { staleAfterMs, type WorkerView } from "../ports/workers.ts";
import type { Task } from "../task.ts";
import type { TaskState } from "../task-state.ts";
import { explainTask, type Surroundings } from "./explain-task.ts";

const nowMs = Date.parse("2026-03-01T14:00:00Z");
const dueAt = nowMs + 151_000;

const worker: WorkerView = {
  workerId: "host-1-aaaa",
  hostname: "host",
  pid: 1,
  version: "1.2.3",
  concurrency: 4,
  highPrioritySlots: 0,
  queues: ["primary"],
  types: ["echo"],
  isDraining: false,
  completed: 0,
  failed: 0,
  eventLoopLagMs: 0,
  memoryBytes: 0,
  claimLoopAgeMs: 0,
  lastBeatAt: nowMs,
  beatAgeMs: 0,
  activeTaskIds: [],
};

/** A task that went through these states, a second each. */
function taskAfter(states: TaskState[], more: object = {}): Task {
  const firstAt = nowMs - states.length * 1_000;
  return {
    id: "a-task",
    type: "echo",
    queue: "primary",
    priority: "normal",
    state: states.at(-1) ?? "PENDING",
    contentKind: "text",
    content: null,
    contentLength: 0,
    metadata: {},
    retryCount: 0,
    maxRetries: 3,
    lostCount: 0,
    lastError: null,
    errorGroup: null,
    parkedFor: null,
    parkedWhy: null,
    errorType: null,
    retryAfterAt: states.at(-1) === "SCHEDULED" ? dueAt : null,
    createdAt: firstAt,
    updatedAt: nowMs - 1_000,
    startedAt: states.includes("ACTIVE") ? nowMs - 1_000 : null,
    completedAt: null,
    expiresAt: null,
    timeoutMs: null,
    result: null,
    hasResult: false,
    progress: null,
    workerId: states.at(-1) === "ACTIVE" ? worker.workerId : null,
    errorHistory: [],
    stateHistory: states.map((state, at) => ({ state, at: firstAt + at * 1_000 })),
    ...more,
  } as Task;
}

function explain(task: Task, around: Partial<Surroundings> = {}) {
  return explainTask(task, { isQueuePaused: false, workers: [worker], position: null, nowMs, ...around });
}

const pending = taskAfter(["PENDING"]);
const backingOff: TaskState[] = ["PENDING", "ACTIVE", "FAILED", "SCHEDULED"];
const sentAway: TaskState[] = ["PENDING", "ACTIVE", "SCHEDULED"];

type Case = [what: string, task: Task, around: Partial<Surroundings>, reason: string, summary: string];

const cases: Case[] = [
  [
    "next",
    pending,
    { position: 0 },
    "in_line",
    "Waits for a free worker of the queue primary; it is the next of its lane.",
  ],
  [
    "second",
    pending,
    { position: 1 },
    "in_line",
    "Waits for a free worker of the queue primary; one task stands before it in its lane.",
  ],
  [
    "13th",
    pending,
    { position: 12 },
    "in_line",
    "Waits for a free worker of the queue primary; 12 tasks stand before it in its lane.",
  ],
  [
    "far back",
    pending,
    {},
    "in_line",
    "Waits for a free worker of the queue primary; its place in line is not known, or past the first 1,000.",
  ],
  [
    "in a paused queue",
    pending,
    { isQueuePaused: true, workers: [] },
    "queue_paused",
    "Waits because the queue primary is paused.",
  ],
  [
    "without any worker",
    pending,
    { workers: [] },
    "no_worker",
    "Waits for a worker: none that is alive serves the queue primary.",
  ],
  [
    "whose workers are silent",
    pending,
    { workers: [{ ...worker, beatAgeMs: staleAfterMs + 1 }] },
    "no_worker",
    "Waits for a worker: none that is alive serves the queue primary.",
  ],
  [
    "whose workers drain",
    pending,
    { workers: [{ ...worker, isDraining: true }] },
    "no_worker",
    "Waits for a worker: none that is alive serves the queue primary.",
  ],
  [
    "of another queue",
    pending,
    { workers: [{ ...worker, queues: ["mail"] }] },
    "no_worker",
    "Waits for a worker: none that is alive serves the queue primary.",
  ],
  [
    "of an unknown type",
    pending,
    { workers: [{ ...worker, types: ["other"] }] },
    "no_worker",
    "Waits for a worker: none of those that serve the queue primary knows the type echo.",
  ],
  [
    "running",
    taskAfter(["PENDING", "ACTIVE"], { retryCount: 1 }),
    {},
    "running",
    "Runs since 13:59:59 UTC, attempt 2 of 4.",
  ],
  [
    "on a silent worker",
    taskAfter(["PENDING", "ACTIVE"]),
    { workers: [{ ...worker, beatAgeMs: staleAfterMs + 1 }] },
    "running",
    "Runs since 13:59:59 UTC, attempt 1 of 4; its worker is silent, and another takes over when its lease has run out.",
  ],
  [
    "delayed",
    taskAfter(["SCHEDULED"]),
    {},
    "delayed",
    "Starts at 14:02:31 UTC, as whoever created it asked.",
  ],
  [
    "due on another day",
    taskAfter(["SCHEDULED"], { retryAfterAt: nowMs + 86_400_000 }),
    {},
    "delayed",
    "Starts at 2026-03-02 14:00:00 UTC, as whoever created it asked.",
  ],
  [
    "delayed without a date",
    taskAfter(["SCHEDULED"], { retryAfterAt: null }),
    {},
    "delayed",
    "Starts soon, as whoever created it asked.",
  ],
  [
    "backing off",
    taskAfter(backingOff, { retryCount: 3, errorType: "ServiceUnavailable", lastError: "503" }),
    {},
    "backing_off",
    "Waits for its third retry at 14:02:31 UTC: the service was unavailable.",
  ],
  [
    "backing off from an error of its own",
    taskAfter(backingOff, { retryCount: 1, errorType: "Default", lastError: "It broke.\nBadly." }),
    {},
    "backing_off",
    "Waits for its first retry at 14:02:31 UTC: It broke. Badly.",
  ],
  [
    "backing off for long",
    taskAfter(backingOff, { retryCount: 11, errorType: "Default" }),
    {},
    "backing_off",
    "Waits for retry 11 at 14:02:31 UTC: the attempt failed.",
  ],
  ["snoozed", taskAfter(sentAway), {}, "snoozed", "Goes on at 14:02:31 UTC, as its handler asked."],
  [
    "parked",
    taskAfter(sentAway, { parkedFor: "llm", parkedWhy: 'Service "llm" has no turn free.' }),
    {},
    "parked",
    'Parked, to be tried at 14:02:31 UTC: Service "llm" has no turn free.',
  ],
  [
    "parked, nobody says why",
    taskAfter(sentAway, { parkedFor: "llm" }),
    {},
    "parked",
    "Parked, to be tried at 14:02:31 UTC: The service llm has no turn for it yet.",
  ],
  [
    "parked for a result",
    taskAfter(sentAway, { parkedFor: "cache:79f0" }),
    {},
    "parked",
    "Parked, to be tried at 14:02:31 UTC: Another task computes the same result.",
  ],
  [
    "completed",
    taskAfter(["PENDING", "ACTIVE", "COMPLETED"], { lastError: "an earlier attempt" }),
    {},
    "ended",
    "Completed at 13:59:59 UTC.",
  ],
  [
    "failed",
    taskAfter(["PENDING", "ACTIVE", "FAILED"], { lastError: "it broke" }),
    {},
    "ended",
    "Failed for good at 13:59:59 UTC: it broke.",
  ],
  [
    "dead",
    taskAfter(["PENDING", "ACTIVE", "FAILED", "DLQ"], { lastError: "It broke." }),
    {},
    "ended",
    "Given up, and among the dead letters since 13:59:59 UTC: It broke.",
  ],
  ["cancelled", taskAfter(["PENDING", "CANCELLED"]), {}, "ended", "Cancelled at 13:59:59 UTC."],
];

describe("the explanation of a task", () => {
  it.each(cases)("%s", (_what, task, around, reason, summary) => {
    expect(explain(task, around)).toMatchObject({ reason, summary, state: task.state, task_id: "a-task" });
  });

  it("says until when, while that is known", () => {
    expect(explain(taskAfter(["SCHEDULED"])).until).toBe("2026-03-01T14:02:31.000Z");
    expect(explain(pending, { position: 3 }).until).toBeNull();
    expect(explain(taskAfter(["PENDING", "ACTIVE"])).until).toBeNull();
  });

  it("names the service it is parked for, and a position only while it is in line", () => {
    expect(explain(taskAfter(sentAway, { parkedFor: "llm" })).service).toBe("llm");
    expect(explain(taskAfter(sentAway, { parkedFor: "cache:79f0" })).service).toBeNull();
    expect(explain(pending, { position: 3 }).position).toBe(3);
    expect(explain(taskAfter(["PENDING", "ACTIVE"]), { position: 3 }).position).toBeNull();
  });

  it("counts the workers that serve its queue, whatever types they know", () => {
    const others = [worker, { ...worker, types: [] }, { ...worker, queues: ["mail"] }];
    expect(explain(pending, { workers: others }).workers).toBe(2);
  });

  it("cuts long errors", () => {
    const { summary } = explain(taskAfter(["PENDING", "ACTIVE", "FAILED"], { lastError: "x".repeat(2_000) }));
    expect(summary.length).toBeLessThan(220);
  });
});
