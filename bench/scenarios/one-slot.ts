import { ratioAtLeast, type Scenario } from "../scenario.ts";
import { compareProcessing } from "./processing.ts";

export const oneSlot: Scenario = {
  name: "one-slot",
  describes: "One worker process with one slot works off a full queue of no-ops.",
  size: 10_000,
  hasDurable: true,
  run: ({ tasks, ...options }) =>
    compareProcessing({ ...options, tasks }, { slots: 1, tasks, goal: ratioAtLeast(2) }),
};
