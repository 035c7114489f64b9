import type { TaskState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { actionsFor, add, isNothing, isSelected, maxSelected, nothing, remove, toggle } from "./selection.ts";

const task = (id: string, state: TaskState = "DLQ") => ({ task_id: id, state });
const many = (count: number) => Array.from({ length: count }, (_, index) => task(`t${index}`));

describe("a selection", () => {
  it("takes a task and gives it back", () => {
    const one = toggle(nothing, task("a"));
    expect(isSelected(one, "a")).toBe(true);
    expect(isNothing(toggle(one, task("a")))).toBe(true);
  });

  it("adds and removes stretches", () => {
    const three = add(nothing, many(3));
    expect(isSelected(remove(three, [task("t1")]), "t1")).toBe(false);
    expect(isSelected(remove(three, [task("t1")]), "t2")).toBe(true);
  });

  it("is bounded, and says when it is full", () => {
    const full = add(nothing, many(maxSelected + 1));
    expect(full).toMatchObject({ isFull: true });
    expect(full.kind === "some" && full.tasks.size).toBe(maxSelected);
    expect(toggle(full, task("t0"))).toMatchObject({ isFull: false });
  });

  it("begins anew when one is picked out of all that match", () => {
    const picked = toggle({ kind: "all" }, task("a"));
    expect(isSelected(picked, "a")).toBe(true);
    expect(isSelected(picked, "b")).toBe(false);
  });
});

describe("actionsFor", () => {
  it.each<[TaskState[], string[]]>([
    [["DLQ"], ["retry", "delete"]],
    [["COMPLETED"], ["delete"]],
    [["PENDING"], ["cancel", "delete"]],
    [
      ["PENDING", "FAILED"],
      ["retry", "cancel", "delete"],
    ],
    [[], []],
  ])("of %j are %j", (states, actions) => {
    expect(actionsFor(states)).toEqual(actions);
  });
});
