import { describe, expect, it } from "vitest";
import { parseRetryAfter, problemAnswer } from "./problem-answer.ts";

const header = (headers: Record<string, string>) => (name: string) => headers[name] ?? null;

describe("an answer that is not a 2xx", () => {
  it("is told as the gateway told it", () => {
    const errors = [{ pointer: "/content", detail: "It must hold some text." }];
    const body = JSON.stringify({ code: "invalid_input", detail: "Bad.", errors, status: 422, title: "" });
    expect(problemAnswer({ status: 422, header: header({ "x-request-id": "r1" }), body })).toMatchObject({
      name: "ClientError",
      kind: "problem",
      status: 422,
      code: "invalid_input",
      detail: "Bad.",
      message: "Bad.",
      errors,
      retryAfterMs: null,
      requestId: "r1",
    });
  });

  it.each(["<html>Bad Gateway</html>", "", "null", '"text"', "[]", '{"code":1}'])(
    "keeps its status and Retry-After when a proxy sent %j",
    (body) => {
      const error = problemAnswer({ status: 502, header: header({ "retry-after": "3" }), body });
      expect(error).toMatchObject({
        kind: "problem",
        status: 502,
        code: null,
        errors: [],
        retryAfterMs: 3_000,
      });
      expect(error.detail).toContain("502");
    },
  );
});

describe("Retry-After", () => {
  const nowMs = Date.parse("2026-01-31T12:00:00Z");
  it.each([
    ["5", 5_000],
    ["0", 0],
    ["1.5", 1_500],
    ["-3", 0],
    ["Sat, 31 Jan 2026 12:00:10 GMT", 10_000],
    ["Sat, 31 Jan 2026 11:00:00 GMT", 0],
    ["soon", null],
    ["", null],
    [null, null],
  ])("%j is %j ms", (text, waitMs) => {
    expect(parseRetryAfter(text, nowMs)).toBe(waitMs);
  });
});
