import type { ClaimedTask } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTask } from "../definition/define-task.ts";
import type { AbortReason } from "../definition/task-context.ts";
import { cancel, park, permanent, snooze, taskError } from "../definition/verdict.ts";
import { Attempt, type Parking } from "./attempt.ts";
import type { Ending } from "./run-handler.ts";
import { settlementOf, settlementOfAborted } from "./settlement.ts";

const task: ClaimedTask = {
  id: "0198c5f2-0000-7000-8000-000000000000",
  token: "1",
  type: "echo",
  queue: "echo",
  lane: "normal",
  contentKind: "text",
  content: "hello",
  metadata: "{}",
  attempt: 1,
  retryCount: 0,
  maxRetries: 3,
  timeoutMs: null,
  createdAt: 0,
  claimedAt: 0,
  ageMs: 1000,
  wasParked: false,
  freeFailures: 0,
};

type Setup = {
  deadLetter?: boolean;
  abortReason?: AbortReason;
  endedAt?: number;
  parking?: Parking;
  facts?: Partial<ClaimedTask>;
};

function settle(
  ending: Ending,
  { deadLetter = true, abortReason, endedAt = 50, parking, facts = {} }: Setup = {},
) {
  const definition = defineTask({
    type: "echo",
    input: z.string(),
    output: z.string(),
    retry: { deadLetter, schedules: { Default: [10, 20] } },
    timeoutMs: 60_000,
    run: (input) => input,
  });
  const attempt = new Attempt({ ...task, ...facts }, definition, 0);
  if (abortReason) attempt.abort(abortReason);
  attempt.parking = parking ?? null;
  return settlementOf(attempt, ending, { endedAt, maxTaskAgeMs: 100_000 });
}

const threw = (thrown: unknown): Ending => ({ kind: "threw", thrown });
const delayOf = (settlement: ReturnType<typeof settle>) =>
  settlement.kind === "fail" && settlement.next.to === "SCHEDULED" ? settlement.next.delayMs : null;

describe("settlementOf", () => {
  it("completes with a result", () => {
    expect(settle({ kind: "returned", result: "done" })).toEqual({ kind: "complete", result: "done" });
  });

  it("backs off a failure by the schedule of the definition", () => {
    const settlement = settle(threw(new Error("boom")), { facts: { retryCount: 1 } });
    expect(settlement).toMatchObject({ kind: "fail", error: "boom", errorType: "Default" });
    expect(delayOf(settlement)).toBeGreaterThanOrEqual(20_000);
    expect(delayOf(settlement)).toBeLessThanOrEqual(22_000);
  });

  it("waits as long as the service asked for", () => {
    const settlement = settle(threw(taskError("ServiceUnavailable", "503", { retryAfterMs: 40_000 })));
    expect(delayOf(settlement)).toBeGreaterThanOrEqual(40_000);
  });

  it.each([
    ["no retries are left", { facts: { retryCount: 3 } }],
    ["it is too old", { facts: { ageMs: 95_000 } }],
    ["it became too old while it ran", { endedAt: 95_000 }],
  ])("buries a failure when %s", (_, setup) => {
    expect(settle(threw(new Error("boom")), setup)).toMatchObject({ next: { to: "DLQ" } });
  });

  it("buries what no retry mends, or lets it rest in FAILED", () => {
    const ending = threw(permanent("Never."));
    expect(settle(ending)).toMatchObject({ errorType: "PermanentError", next: { to: "DLQ" } });
    expect(settle(ending, { deadLetter: false })).toMatchObject({ next: { to: "FAILED" } });
  });

  it("snoozes and cancels on request", () => {
    expect(settle(threw(snooze(700)))).toEqual({ kind: "snooze", delayMs: 700, isParked: false });
    expect(settle(threw(cancel("Not needed.")))).toEqual({ kind: "cancel", reason: "Not needed." });
  });

  it.each([
    ["a result", { kind: "returned", result: "swallowed" }],
    ["another failure", threw(permanent("Never again."))],
    ["the verdict itself", threw(park(9000, "out"))],
  ] as [string, Ending][])("parks an attempt that was parked, whatever comes of it: %s", (_, ending) => {
    const parkedFor = { name: "llm", why: "out", cost: 2, tokens: 0 };
    const parking = { dueAt: 4050.5, verdict: park(4000.5, "out"), parkedFor };
    for (const abortReason of [undefined, "drain", "timeout"] as const) {
      const setup = { parking, endedAt: 50, ...(abortReason && { abortReason }) };
      expect(settle(ending, setup)).toEqual({
        ...{ kind: "snooze", delayMs: 4001, isParked: true },
        parking: parkedFor,
      });
    }
    expect(settle(ending, { parking, endedAt: 9000 })).toMatchObject({ delayMs: 0 });
  });

  it("keeps a result that comes after the abort", () => {
    const ending: Ending = { kind: "returned", result: "late" };
    expect(settle(ending, { abortReason: "timeout" })).toMatchObject({ kind: "complete" });
    expect(settle(ending, { abortReason: "drain" })).toMatchObject({ kind: "complete" });
  });

  it("hands back what a drain stopped, whatever the handler made of the abort", () => {
    const setup = { abortReason: "drain" } as const;
    expect(settle(threw(new Error("aborted")), setup)).toEqual({ kind: "release" });
    expect(settle(threw(taskError("NetworkTimeout", "aborted")), setup)).toEqual({ kind: "release" });
    expect(settle(threw(permanent("Really never.")), setup)).toMatchObject({ errorType: "PermanentError" });
  });

  it("names the limit of what ran too long, and what the handler said", () => {
    const setup = { abortReason: "timeout", facts: { timeoutMs: 1500 } } as const;
    expect(settle(threw(new Error("socket closed")), setup)).toMatchObject({
      error: "It ran longer than its limit of 1.5 s. socket closed",
      errorType: "Default",
      next: { to: "SCHEDULED" },
    });
  });

  it("does not repeat our own abort", () => {
    const definition = defineTask({
      type: "echo",
      input: z.string(),
      output: z.string(),
      run: (input) => input,
    });
    const attempt = new Attempt(task, definition, 0);
    attempt.abort("timeout");
    const { reason } = attempt.signal;
    for (const thrown of [reason, new Error("The operation was aborted", { cause: reason })]) {
      expect(settlementOf(attempt, threw(thrown), { endedAt: 1, maxTaskAgeMs: 1e9 })).toMatchObject({
        error: "It ran longer than its limit of 600 s.",
      });
    }
    expect(settlementOfAborted(attempt, { endedAt: 1, maxTaskAgeMs: 1e9 })).toMatchObject({ kind: "fail" });
  });
});
