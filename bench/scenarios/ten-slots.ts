import { ratioAtLeast, type Scenario } from "../scenario.ts";
import { compareProcessing } from "./processing.ts";

export const tenSlots: Scenario = {
  name: "ten-slots",
  describes: "One worker process with ten slots works off a full queue of no-ops.",
  size: 40_000,
  hasDurable: true,
  run: ({ tasks, ...options }) =>
    compareProcessing({ ...options, tasks }, { slots: 10, tasks, goal: ratioAtLeast(3) }),
};
