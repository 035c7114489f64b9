import { describe, expect, it } from "vitest";
import { OpenRouterError } from "./openrouter-error.ts";
import { classifyChatCall } from "./openrouter-service.ts";

const used = (facts: { status?: number; code?: string }, usage: OpenRouterError["usage"] = null) => {
  const error = new OpenRouterError({
    ...{ message: "No answer.", errorType: "Default", state: "error", isServiceFault: true },
    ...{ facts, usage },
  });
  return classifyChatCall({ kind: "threw", error, durationMs: 5 }).tokensUsed;
};

describe("the tokens of a call that failed", () => {
  it.each([
    ["it was refused", { status: 429 }],
    ["it was wrong", { status: 400 }],
    ["the key was", { status: 401 }],
    ["nobody was there", { code: "ECONNREFUSED" }],
    ["the name is unknown", { code: "ENOTFOUND" }],
  ])("are none when %s", (_, facts) => {
    expect(used(facts)).toBe(0);
  });

  it.each([
    ["it ran into a time limit of the service", { status: 408 }],
    ["the service broke", { status: 502 }],
    ["the fault came in an answer", { status: 200, code: "502" }],
    ["the connection broke", { code: "ECONNRESET" }],
    ["nothing is known", {}],
  ])("stay as they were estimated when %s", (_, facts) => {
    expect(used(facts)).toBeUndefined();
  });

  it("are those that were told", () => {
    expect(used({ status: 400 }, { promptTokens: 30, completionTokens: 4, cost: 0 })).toBe(34);
  });
});
