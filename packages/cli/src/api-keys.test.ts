import { describe, expect, it } from "vitest";
import { ownApiKey, parseApiKey } from "./api-keys.ts";

describe("API_KEYS", () => {
  it("may narrow a key to a role", () => {
    expect(parseApiKey("abc")).toEqual({ key: "abc" });
    expect(parseApiKey("reader:abc")).toEqual({ key: "abc", role: "reader" });
    expect(parseApiKey("other:abc")).toEqual({ key: "other:abc" });
  });

  it("give our own commands the first key that may do everything", () => {
    expect(ownApiKey(["reader:a", "b", "c"])).toBe("b");
    expect(ownApiKey(["reader:a", "operator:b"])).toBe("b");
    expect(ownApiKey(["reader:a"])).toBe("a");
    expect(ownApiKey([])).toBeNull();
  });
});
