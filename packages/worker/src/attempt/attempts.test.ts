import type { ClaimedTask } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTask } from "../definition/define-task.ts";
import { Attempt } from "./attempt.ts";
import { Attempts } from "./attempts.ts";

const definition = defineTask({ type: "echo", input: z.string(), output: z.string(), run: (input) => input });

function filled(count: number) {
  const attempts = new Attempts();
  const all = Array.from(
    { length: count },
    (_, at) => new Attempt({ id: `${at}` } as ClaimedTask, definition, 0),
  );
  for (const attempt of all) attempts.add(attempt);
  return { attempts, all };
}

const idsOf = (attempts: Attempts) => Array.from(attempts, ({ task }) => task.id).sort();

describe("Attempts", () => {
  it.each([
    ["first", 0],
    ["middle", 1],
    ["last", 2],
  ])("loses the %s one, and no other, once", (_, at) => {
    const { attempts, all } = filled(3);
    const taken = all[at] as Attempt;
    expect(attempts.delete(taken)).toBe(true);
    expect(attempts.delete(taken)).toBe(false);
    expect(idsOf(attempts)).toEqual(["0", "1", "2"].filter((id) => id !== taken.task.id));
    expect(attempts.size).toBe(2);
  });

  it("finds each one, in whatever order they go and come", () => {
    const { attempts, all } = filled(5);
    for (const at of [1, 4, 0]) attempts.delete(all[at] as Attempt);
    attempts.add(all[4] as Attempt);
    for (const at of [2, 3, 4]) expect(attempts.delete(all[at] as Attempt)).toBe(true);
    expect(attempts.size).toBe(0);
  });

  it("knows nothing of an attempt that was never added", () => {
    const { attempts } = filled(2);
    expect(attempts.delete(new Attempt({ id: "9" } as ClaimedTask, definition, 0))).toBe(false);
    expect(attempts.size).toBe(2);
  });

  it("meets every one though those that are met are taken out", () => {
    const { attempts } = filled(6);
    let met = 0;
    for (const attempt of attempts) {
      met += 1;
      attempts.delete(attempt);
    }
    expect([met, attempts.size]).toEqual([6, 0]);
  });
});
