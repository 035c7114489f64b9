import { describe, expect, it } from "vitest";
import { isStep, isTerminal, lifecycle, retryableStates, taskStates, terminalStates } from "./task-state.ts";

describe("the lifecycle", () => {
  it("reaches every state", () => {
    expect(new Set(lifecycle.map((step) => step.to))).toEqual(new Set(taskStates));
  });

  it("leaves a terminal state by an operator's retry alone, apart from the second step of a failed attempt", () => {
    const verbs = lifecycle.filter(({ from }) => from !== null && isTerminal(from)).map(({ verb }) => verb);
    expect(new Set(verbs)).toEqual(new Set(["retry", "backOff", "bury"]));
  });

  it("never leaves COMPLETED", () => {
    expect(taskStates.filter((to) => isStep("COMPLETED", to))).toEqual([]);
  });

  it("offers retry for exactly the terminal states but COMPLETED", () => {
    const retried = lifecycle.filter(({ verb }) => verb === "retry").map(({ from }) => from);
    expect(retried).toEqual([...retryableStates]);
    expect(new Set([...retryableStates, "COMPLETED"])).toEqual(new Set(terminalStates));
  });

  it("lets every state that is not terminal be cancelled", () => {
    const open = taskStates.filter((state) => !isTerminal(state));
    expect(open.every((state) => isStep(state, "CANCELLED"))).toBe(true);
  });
});
