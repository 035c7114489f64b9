import type { TaskState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { applyNews, type LoadedPage, mergePage, missingFrom, newestStates } from "./page-merge.ts";
import type { TaskRowData } from "./task-row-data.ts";

const row = (id: string, state: TaskState = "PENDING") => ({ task_id: id, state }) as TaskRowData;
const page = (...rows: TaskRowData[]): LoadedPage => ({
  rows,
  facts: { length: rows.length, total_items: rows.length, total_is_estimate: false, next_cursor: null },
});
const shown = ({ rows }: LoadedPage) => rows.map(({ task_id: id, state }) => `${id} ${state}`);

describe("mergePage", () => {
  it("changes rows in their places, and lets none in", () => {
    const merged = mergePage(page(row("a"), row("b")), page(row("new"), row("b", "ACTIVE"), row("a", "DLQ")));
    expect(shown(merged)).toEqual(["a DLQ", "b ACTIVE"]);
    expect(merged.facts.length).toBe(2);
  });

  it("keeps those that left, as they were read alone", () => {
    const old = page(row("a"), row("b"), row("c"));
    const fresh = page(row("b"));
    expect(missingFrom(old, fresh).map(({ task_id: id }) => id)).toEqual(["a", "c"]);
    expect(shown(mergePage(old, fresh, [row("c", "COMPLETED")]))).toEqual([
      "a PENDING",
      "b PENDING",
      "c COMPLETED",
    ]);
  });
});

describe("applyNews", () => {
  const news = (...steps: [string, TaskState][]) =>
    newestStates(steps.map(([taskId, to]) => ({ taskId, taskType: "t", from: "PENDING" as const, to })));

  it("shows the last state that was told", () => {
    expect(shown(applyNews(page(row("a"), row("b")), news(["a", "ACTIVE"], ["a", "COMPLETED"])))).toEqual([
      "a COMPLETED",
      "b PENDING",
    ]);
  });

  it("is the same page when nothing of it changed", () => {
    const same = page(row("a"));
    expect(applyNews(same, news(["z", "ACTIVE"]))).toBe(same);
    expect(applyNews(same, news(["a", "PENDING"]))).toBe(same);
  });
});
