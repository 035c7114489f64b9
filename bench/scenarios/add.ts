import { ratioAtLeast, type Scenario } from "../scenario.ts";
import { compareAdding } from "./adding.ts";

export const add: Scenario = {
  name: "add",
  describes: "One process accepts tasks of 100 bytes in single calls, 100 in flight.",
  size: 50_000,
  hasDurable: true,
  run: ({ tasks, ...options }) =>
    compareAdding(
      { ...options, tasks },
      {
        what: "enqueue, single calls, 100 in flight",
        goal: ratioAtLeast(2),
        verb: "addSingles",
        order: { tasks, inFlight: 100 },
      },
    ),
};
