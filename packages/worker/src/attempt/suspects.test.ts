import type { ClaimedTask } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTask } from "../definition/define-task.ts";
import { Attempt } from "./attempt.ts";
import { Suspects } from "./suspects.ts";

const definition = defineTask({ type: "echo", input: z.string(), output: z.string(), run: (input) => input });

/** Two failed attempts, which are no strikes, beside so many lost workers. */
function attemptAfter(lostWorkers: number): Attempt {
  const task = { id: "a", retryCount: 2, attempt: 3 + lostWorkers, timeoutMs: null } as ClaimedTask;
  return new Attempt(task, definition, 0);
}

function setUp({ maxLostWorkers = 3, running = [] as number[] } = {}) {
  const attempts = new Set(running.map(attemptAfter));
  const suspects = new Suspects({ attempts, maxLostWorkers });
  const admit = (lostWorkers: number) => {
    const attempt = attemptAfter(lostWorkers);
    attempts.add(attempt);
    return attempt;
  };
  return { suspects, attempts, mustStandBack: (lost: number) => suspects.mustStandBack(admit(lost)) };
}

describe("Suspects", () => {
  it.each([
    ["a task that has lost no worker", 0, 3, false],
    ["one that has lost a worker", 1, 3, true],
    ["any, where the first loss may bury", 0, 1, true],
  ])("wants a record of %s", (_, lostWorkers, maxLostWorkers, isWanted) => {
    const { suspects } = setUp({ maxLostWorkers });
    expect(suspects.needsRecord(attemptAfter(lostWorkers))).toBe(isWanted);
  });

  it.each([
    ["one on its last strike alone", 2, [], false],
    ["one on its last strike beside tasks that have lost no worker", 2, [0, 0], false],
    ["one on its last strike beside another", 2, [2], true],
    ["one on its last strike beside any suspect", 2, [0, 1], true],
    ["a suspect beside one on its last strike", 1, [2], true],
    ["suspects with strikes to spare", 1, [1, 1], false],
    ["a task that has lost no worker", 0, [2], false],
  ])("decides whether %s must stand back", (_, lostWorkers, running, isDue) => {
    expect(setUp({ running }).mustStandBack(lostWorkers)).toBe(isDue);
  });

  it("keeps every suspect apart where the second loss buries, and no other task where the first does", () => {
    expect(setUp({ maxLostWorkers: 2, running: [1] }).mustStandBack(1)).toBe(true);
    expect(setUp({ maxLostWorkers: 1, running: [0] }).mustStandBack(0)).toBe(false);
  });

  it("heeds only what runs", () => {
    const { attempts, mustStandBack } = setUp({ running: [2, 2] });
    const [over, waiting] = [...attempts];
    if (over) over.isOver = true;
    waiting?.wait();
    expect(mustStandBack(2)).toBe(false);
  });
});
