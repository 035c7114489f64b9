import { describe, expect, it } from "vitest";
import { fingerprint, idempotencyKey, toIdempotency } from "./idempotency.ts";

describe("fingerprint", () => {
  it("doesn't see the order of fields, and sees everything else", () => {
    expect(fingerprint({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
    const different = [{ a: [1, 2] }, { a: [2, 1] }, { a: "1" }, { a: 1 }, { a: { 0: 1, 1: 2 } }, {}];
    expect(new Set(different.map(fingerprint)).size).toBe(different.length);
  });

  it("is the same with the key in the header as with the key in the body", () => {
    const body = { type: "echo", input: "x" };
    const inBody = toIdempotency("k", body, { priority: "high", idempotency_key: "k" });
    expect(toIdempotency("k", body, { priority: "high" })).toEqual(inBody);
    expect(toIdempotency("k", body, { priority: "low" })).not.toEqual(inBody);
    expect(toIdempotency(null, body, {})).toBeNull();
  });
});

describe("idempotencyKey", () => {
  it("comes from the header or the body, and must be one", () => {
    const headers = { "idempotency-key": "k" };
    expect(idempotencyKey({}, undefined)).toBeNull();
    expect(idempotencyKey({}, "k")).toBe("k");
    expect(idempotencyKey(headers, null)).toBe("k");
    expect(idempotencyKey(headers, "k")).toBe("k");
    expect(() => idempotencyKey(headers, "other")).toThrow("differs");
    expect(() => idempotencyKey({ "idempotency-key": "k".repeat(256) }, null)).toThrow("255");
  });
});
