import { describe, expect, it } from "vitest";
import { faultKind } from "./fault-kind.ts";

const kind = (code: number, errorType: string | null = null, metadata = {}) =>
  faultKind({ code, errorType, metadata, message: "" });
const kindOf = (code: number, message: string) => faultKind({ code, errorType: null, metadata: {}, message });

describe("faultKind", () => {
  it("goes by the error type before the code", () => {
    expect(kind(429, "provider_overloaded")).toBe("overloaded");
    expect(kind(400, "content_policy_violation")).toBe("refused");
    expect(kind(500, "timeout")).toBe("timeout");
    expect(kind(429, "insufficient_quota")).toBe("credits_exhausted");
  });

  it("goes by the code where the type is unknown or says nothing", () => {
    expect(kind(503, "a_type_of_tomorrow")).toBe("overloaded");
    expect(kind(500, "unmapped")).toBe("unavailable");
    expect(kind(422, "unmapped")).toBe("invalid_request");
    expect(kind(520)).toBe("unavailable");
    expect(kind(418)).toBe("misconfigured");
    expect(kind(308)).toBe("misconfigured");
  });

  it("tells the kinds of 402 apart", () => {
    expect(kind(402)).toBe("credits_exhausted");
    expect(kind(402, "payment_required", { limit_source: "openrouter_key_limit" })).toBe("credits_exhausted");
    expect(kind(402, null, { limit_source: "openrouter_in_flight_budget" })).toBe("in_flight_budget");
    expect(kind(402, null, { reason: "weight_exceeds_budget" })).toBe("request_too_expensive");
  });

  it("tells the kinds of 403 apart", () => {
    expect(kind(403, null, { resets_at: "2026-12-01T00:00:00Z" })).toBe("budget_spent");
    expect(kind(403, "permission_denied", { limit_source: "openrouter_workspace_budget" })).toBe(
      "budget_spent",
    );
    expect(kind(403, null, { reasons: ["violence"], flagged_input: "…" })).toBe("refused");
    expect(kind(403, "permission_denied", { patterns: ["ignore"] })).toBe("refused");
    expect(kind(403, "permission_denied")).toBe("misconfigured");
  });

  it("takes a model that is not known for a wrong setting, whatever the code", () => {
    expect(kindOf(400, "google/gemni-flash is not a valid model ID")).toBe("misconfigured");
    expect(kindOf(404, "No endpoints found for google/gemni-flash.")).toBe("misconfigured");
    expect(kindOf(400, 'The text says "x is not a valid model ID".')).toBe("invalid_request");
  });

  it("leaves the service open when the model can't do what this request asks, and may do others", () => {
    expect(kindOf(404, "No endpoints found that support image input")).toBe("unsupported");
    expect(kindOf(404, "No endpoints found that can handle the requested parameters.")).toBe("unsupported");
  });
});
