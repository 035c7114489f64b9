import { describe, expect, it } from "vitest";
import { errorGroup, messageFingerprint } from "./error-group.ts";
import { errorTypes } from "./retry-policy.ts";

const isOneGroup = (messages: readonly string[]) => new Set(messages.map(messageFingerprint)).size === 1;

describe("an error group", () => {
  it.each([
    ["numbers", ["Row 17 has 3.5 parts", "Row 4,200 has 12 parts"]],
    ["ids", ["no 019b79a8-9000-7000-8000-000000000001", "no 0f8fad5b-d9cb-469f-a165-70867728950e"]],
    ["hex", ["commit deadbeef01 at 0x7ffe", "commit 1234abcd at 0x1"]],
    ["quoted texts", ["Unknown field 'name'.", "Unknown field 'the other one'."]],
    ["texts in double quotes", ['no "a b"', 'no ""']],
    ["addresses", ["GET https://a.example/x?y=1 failed", "GET http://b.example:8080/ failed"]],
    ["paths", ["ENOENT /var/tmp/a.pdf", "ENOENT /home/me/other/b-2.txt"]],
    ["dates", ["expired on 2026-01-31", "expired on 2026-02-01T12:00:00.5Z"]],
    ["case and blanks", ["It  broke\n", "it broke"]],
  ])("leaves out %s", (_, messages) => {
    expect(isOneGroup(messages)).toBe(true);
  });

  it.each([
    ["words", ["the connection was refused", "the connection was reset"]],
    [
      "what an apostrophe stands between",
      ["it can't read: it doesn't open", "it can't write: it doesn't open"],
    ],
    ["kinds of placeholders", ["row 17", "row '17'"]],
    ["hex-like words", ["facade decade", "decade facade"]],
  ])("keeps %s apart", (_, messages) => {
    expect(isOneGroup(messages)).toBe(false);
  });

  it("is of one type and one error type", () => {
    const groups = new Set([
      errorGroup("a", "Default", "it broke"),
      errorGroup("b", "Default", "it broke"),
      errorGroup("a", "NetworkTimeout", "it broke"),
    ]);
    expect(groups.size).toBe(3);
  });

  it("never changes, for stores keep it", () => {
    expect(errorGroup("echo", "Default", "It broke 3 times")).toBe("echo:Default:1ts97db0m6bxrb");
    expect(errorGroup("echo", "WorkerLost")).toBe("echo:WorkerLost");
    expect(errorGroup("no type: at all", "ValidationError")).toBe("unknown:ValidationError");
  });

  it("fits where it is asked for", () => {
    const longest = errorTypes.map((errorType) => errorGroup("t".repeat(64), errorType, "x".repeat(5_000)));
    expect(Math.max(...longest.map((group) => group.length))).toBeLessThanOrEqual(100);
  });

  it("reads the worst of messages in no time", () => {
    const startedAt = performance.now();
    for (const piece of ["a.", "/a", "1:", "'", '"', "a-", "0x", "http:/"])
      messageFingerprint(piece.repeat(1_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
