import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { maxErrorLength, WorkstreamError } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { permanent, taskError } from "../definition/verdict.ts";
import { ServiceRefused } from "../guard/service-refused.ts";
import { errorText, failureOf } from "./failure.ts";

const coded = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe("failureOf", () => {
  it("takes the word of a task error", () => {
    const thrown = taskError("RateLimitError", "Slow down.", { retryAfterMs: 9000 });
    expect(failureOf(thrown)).toEqual({
      errorType: "RateLimitError",
      message: "Slow down.",
      retryAfterMs: 9000,
    });
    expect(failureOf(permanent("Never."))).toMatchObject({ errorType: "PermanentError", message: "Never." });
  });

  it("takes a type that has no schedule for Default", () => {
    const foreign = { kind: "fail", errorType: "MyError", retryAfterMs: null };
    const thrown = Object.assign(new Error("x"), { [Symbol.for("workstream.verdict")]: foreign });
    expect(failureOf(thrown)).toEqual({ errorType: "Default", message: "x", retryAfterMs: null });
  });

  it.each([
    ["open", "ServiceUnavailable"],
    ["half_open", "ServiceUnavailable"],
    ["limited", "RateLimitError"],
  ] as const)("takes a refused call (%s) for %s, with the time that it names", (reason, errorType) => {
    const thrown = new Error("no answer", { cause: new ServiceRefused("model", { reason, retryInMs: 700 }) });
    expect(failureOf(thrown)).toMatchObject({ errorType, retryAfterMs: 700 });
  });

  it.each([
    [new Error("boom"), "Default"],
    [coded("ECONNREFUSED"), "ServiceUnavailable"],
    [coded("ENOTFOUND"), "ServiceUnavailable"],
    [coded("ETIMEDOUT"), "NetworkTimeout"],
    [coded("UND_ERR_HEADERS_TIMEOUT"), "NetworkTimeout"],
    [new TypeError("fetch failed", { cause: coded("ECONNRESET") }), "ServiceUnavailable"],
    [new DOMException("The operation timed out.", "TimeoutError"), "NetworkTimeout"],
    [new WorkstreamError("store_unavailable", "Gone."), "ServiceUnavailable"],
    [coded("ENOENT"), "Default"],
    [Object.assign(new Error("x"), { code: 42 }), "Default"],
  ])("gives %s the type %s", (thrown, errorType) => {
    expect(failureOf(thrown).errorType).toBe(errorType);
  });

  it("knows what a real refused connection looks like", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const thrown = await fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error);
    expect(failureOf(thrown)).toMatchObject({
      errorType: "ServiceUnavailable",
      message: `fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it("knows what a real timeout looks like", async () => {
    const signal = AbortSignal.timeout(1);
    const thrown = await new Promise((resolve) =>
      signal.addEventListener("abort", () => resolve(signal.reason)),
    );
    expect(failureOf(thrown).errorType).toBe("NetworkTimeout");
  });
});

describe("errorText", () => {
  it("adds the causes, each once", () => {
    const error = new Error("outer", { cause: new Error("inner", { cause: new Error("inner") }) });
    expect(errorText(error)).toBe("outer: inner");
  });

  it("ends on causes that go in circles", () => {
    const error = new Error("round");
    error.cause = error;
    expect(errorText(error)).toBe("round");
  });

  it.each([
    ["a string", "Thrown: a string"],
    [undefined, "Thrown: undefined"],
    [null, "Thrown: null"],
    [{ code: 7 }, 'Thrown: {"code":7}'],
    [Symbol("s"), "Thrown: Symbol(s)"],
    [new RangeError(), "RangeError"],
  ])("prints %s", (thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });

  it("prints what JSON can't", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(errorText(circular)).toBe("Thrown: [object Object]");
  });

  it("keeps no more than the stores do", () => {
    expect(errorText(new Error("x".repeat(5000)))).toHaveLength(maxErrorLength);
  });
});
