import { ratioAtLeast, type Scenario } from "../scenario.ts";
import { compareAdding } from "./adding.ts";

export const addBulk: Scenario = {
  name: "add-bulk",
  describes: "One process accepts tasks of 100 bytes, 1,000 a call, one call after the other.",
  size: 100_000,
  hasDurable: true,
  run: ({ tasks, ...options }) =>
    compareAdding(
      { ...options, tasks },
      {
        what: "enqueue, bulk of 1,000",
        goal: ratioAtLeast(4),
        verb: "addBulk",
        order: { tasks, size: 1_000 },
      },
    ),
};
