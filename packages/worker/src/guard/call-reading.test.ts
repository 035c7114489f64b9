import { describe, expect, it } from "vitest";
import { defineService } from "../definition/define-service.ts";
import type { CallVerdict, EndedCall } from "../definition/service-definition.ts";
import { park, permanent, taskError } from "../definition/verdict.ts";
import { silentLogger } from "../logger.ts";
import { readCall, recordOf } from "./call-reading.ts";

const returned: EndedCall = { kind: "returned", value: "hi", durationMs: 10 };
const threw = (error: unknown, durationMs = 10): EndedCall => ({ kind: "threw", error, durationMs });
const abort = Object.assign(new Error("stop"), { name: "AbortError" });

function read(
  call: EndedCall,
  { isAborted = false, ...options }: Partial<Options> & { isAborted?: boolean } = {},
) {
  return readCall(defineService({ name: "model", ...options }), { call, isAborted, logger: silentLogger });
}
type Options = Parameters<typeof defineService>[0];

describe("readCall", () => {
  it.each([
    ["success", returned],
    ["failure", threw(new Error("502"))],
    ["failure", threw(taskError("ServiceUnavailable", "away"))],
    ["ignored", threw(abort)],
    ["ignored", threw(permanent("not like this"))],
    ["ignored", threw(park(1000, "another service"))],
  ] as const)("reads %s plainly", (outcome, call) => {
    expect(read(call)).toEqual({ outcome });
  });

  it("says nothing of the service when we stopped the call, whatever classify makes of it", () => {
    const classify = (): CallVerdict => ({ outcome: "failure", state: "down", holdMs: 5 });
    const verdict = read(threw(new Error("socket hang up")), { isAborted: true, classify });
    expect(recordOf("t1", verdict)).toMatchObject({ outcome: "ignored", serviceState: null, holdMs: 5 });
  });

  it("counts slow calls as failures, aborted ones too", () => {
    const breaker = { slowCallMs: 100 };
    expect(read({ ...returned, durationMs: 100 }, { breaker })).toEqual({ outcome: "success" });
    expect(read({ ...returned, durationMs: 101 }, { breaker })).toEqual({ outcome: "failure" });
    expect(read(threw(abort, 101), { breaker, isAborted: true })).toEqual({ outcome: "failure" });
    expect(read(threw(park(1000, "another"), 101), { breaker })).toEqual({ outcome: "ignored" });
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("a bug");
      },
    ],
    ["answers nothing", () => {}],
    ["answers something else", () => ({ outcome: "fine" })],
  ])("goes by whether the call threw when classify %s", (_, classify) => {
    const faulty = { classify: classify as Options["classify"] & object };
    expect(read(returned, faulty)).toEqual({ outcome: "success" });
    expect(read(threw("x"), faulty)).toEqual({ outcome: "failure" });
  });
});

describe("recordOf", () => {
  it("fills in what a verdict leaves open", () => {
    expect(recordOf("t1", { outcome: "success" })).toEqual({
      ...{ turn: "t1", outcome: "success", holdMs: null, learnedLimit: null, tokensUsed: null },
      ...{ serviceState: null, message: "", promptTokens: 0, completionTokens: 0, cost: 0 },
    });
  });

  it("passes on what it says, and leaves out what makes no sense", () => {
    const full: CallVerdict = {
      ...{ outcome: "failure", state: "rate_limited", message: "Slow down.", holdMs: 4999.5 },
      ...{ learnedLimit: { requests: 20, intervalMs: 60_000 }, tokensUsed: 30, promptTokens: 10 },
      ...{ completionTokens: 20, cost: 0.004 },
    };
    const { state, ...rest } = full;
    expect(recordOf("t1", full)).toEqual({ turn: "t1", ...rest, serviceState: state, holdMs: 5000 });
    const senseless = { holdMs: Number.NaN, tokensUsed: -1, cost: Number.POSITIVE_INFINITY, state: "" };
    expect(
      recordOf("t1", { outcome: "success", ...senseless, learnedLimit: { requests: 0, intervalMs: 5 } }),
    ).toEqual(recordOf("t1", { outcome: "success" }));
    expect(recordOf("t1", { outcome: "failure", holdMs: 1e12 }).holdMs).toBe(86_400_000);
  });
});
