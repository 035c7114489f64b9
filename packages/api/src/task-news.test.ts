import type { OutputEntry, StateEntry, Task, TaskState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { formatCursor, nextState, parseCursor, startCursor, type TaskCursor } from "./task-cursor.ts";
import { newsOf } from "./task-news.ts";

function task(stateHistory: StateEntry[], given: Partial<Task> = {}): Task {
  const state = stateHistory.at(-1)?.state ?? "PENDING";
  return {
    id: "t1",
    type: "summarize",
    queue: "primary",
    priority: "normal",
    state,
    contentKind: "text",
    content: "",
    contentLength: 0,
    metadata: {},
    retryCount: 0,
    maxRetries: 3,
    lostCount: 0,
    lastError: null,
    errorType: null,
    errorGroup: null,
    retryAfterAt: null,
    createdAt: 0,
    updatedAt: 0,
    startedAt: null,
    completedAt: null,
    expiresAt: null,
    timeoutMs: null,
    result: null,
    hasResult: state === "COMPLETED",
    progress: null,
    workerId: null,
    parkedFor: null,
    parkedWhy: null,
    errorHistory: [],
    stateHistory,
    ...given,
  };
}

const at = (state: TaskState, atMs: number): StateEntry => ({ state, at: atMs });
const output = (number: number, atMs: number, kind: OutputEntry["kind"] = "output"): OutputEntry => ({
  kind,
  text: `part ${number}`,
  number,
  at: atMs,
});

/** Each event in a word, with its id. */
function told(
  of: Task,
  outputs: OutputEntry[],
  from: TaskCursor = startCursor,
  progress: string | null = null,
) {
  return newsOf({ task: of, outputs }, from, progress).map(({ event, cursor }) => {
    const what = "number" in event ? event.number : "state" in event ? event.state : "";
    return `${formatCursor(cursor)} ${event.type} ${what}`.trim();
  });
}

const ran = [at("PENDING", 1), at("ACTIVE", 5)];
const failedOnce = [...ran, at("FAILED", 9), at("SCHEDULED", 9), at("PENDING", 20), at("ACTIVE", 25)];

describe("what a reader is told", () => {
  it("begins with the history, output where it happened", () => {
    const of = task([...failedOnce, at("COMPLETED", 40)], { progress: '{"page":2}' });
    const outputs = [output(1, 5, "reset"), output(2, 9), output(3, 25, "reset"), output(4, 40)];
    expect(told(of, outputs)).toEqual([
      "0.1P1 state PENDING",
      "0.2A5 state ACTIVE",
      "1.2A5 reset 1",
      "2.2A5 output 2",
      "2.3F9 state FAILED",
      "2.4S9 state SCHEDULED",
      "2.5P20 state PENDING",
      "2.6A25 state ACTIVE",
      "3.6A25 reset 3",
      "4.6A25 output 4",
      "4.6A25 progress",
      "4.7C40 state COMPLETED",
      "4.7C40.end end COMPLETED",
    ]);
  });

  it("goes on behind any of its ids, with nothing told twice and nothing left out", () => {
    const of = task([...failedOnce, at("COMPLETED", 40)]);
    const outputs = [output(1, 5, "reset"), output(2, 9), output(3, 25, "reset"), output(4, 40)];
    const all = told(of, outputs);
    for (const [index, line] of all.entries()) {
      const from = parseCursor(line.split(" ")[0] ?? "");
      const rest = told(of, outputs, from);
      expect(rest).toEqual(index === all.length - 1 ? all.slice(-1) : all.slice(index + 1));
    }
  });

  it("is progress alone when nothing else is new, and only when it changed", () => {
    const of = task(ran, { progress: '{"page":2}' });
    const from = parseCursor("3.2A5");
    expect(told(of, [], from)).toEqual(["3.2A5 progress"]);
    expect(told(of, [], from, '{"page":2}')).toEqual([]);
  });

  it("goes on after the end when the task was given another life", () => {
    const dead = [...ran, at("FAILED", 9), at("DLQ", 9)];
    expect(told(task([...dead, at("PENDING", 50)]), [], parseCursor("0.4D9.end"))).toEqual([
      "0.5P50 state PENDING",
    ]);
  });
});

describe("the place of a reader in the history", () => {
  it("is found by name when the oldest entries are gone", () => {
    const kept = [at("PENDING", 1), ...failedOnce.slice(3)];
    expect(nextState(kept, parseCursor("0.5P20"))).toBe(3);
  });

  it("is exact where one instant holds the same state twice", () => {
    const quick = [at("PENDING", 1), at("ACTIVE", 1), at("PENDING", 1), at("ACTIVE", 1)];
    expect(nextState(quick, parseCursor("0.2A1"))).toBe(2);
  });

  it.each(["", "nonsense", "1", "0badf00d-7", "1.2Z5", "9".repeat(500)])("is the beginning for %j", (id) => {
    expect(parseCursor(id)).toEqual(startCursor);
  });
});
