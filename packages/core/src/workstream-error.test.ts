import { describe, expect, it } from "vitest";
import { errorTable, isErrorCode, WorkstreamError } from "./workstream-error.ts";

describe("WorkstreamError", () => {
  it("takes status, title and retryability from the table", () => {
    const error = new WorkstreamError("store_full", "No memory is left.", { cause: new Error("OOM") });
    expect(error).toMatchObject({ status: 503, title: "The store is full", isRetryable: true });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("is recognized by its code", () => {
    expect(isErrorCode(new WorkstreamError("not_found", "No such task."), "not_found", "internal")).toBe(
      true,
    );
    expect(isErrorCode(new Error("not_found"), "not_found")).toBe(false);
  });

  it("calls only what may pass by itself retryable", () => {
    const retryable = Object.values(errorTable).filter((row) => row.retryable);
    expect(retryable.every(({ status }) => [408, 429, 503].includes(status))).toBe(true);
  });
});
