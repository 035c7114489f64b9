import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRouterCheck } from "./openrouter-check.ts";
import type { OpenRouterSettings } from "./openrouter-settings.ts";
import { openFake, testKey } from "./openrouter-test.fixture.ts";

let stage: Awaited<ReturnType<typeof openFake>>;
beforeAll(async () => {
  stage = await openFake();
});
afterAll(() => stage.fake.close());

const check = (changes: Partial<OpenRouterSettings> = {}) =>
  openRouterCheck(stage.settings(changes))(new AbortController().signal);

describe("openRouterCheck", () => {
  it("tells the balance and what was spent, by one request", async () => {
    stage.tell({ balance: 12.5, usage: 2 });
    stage.fake.clearRequests();
    expect(await check()).toEqual({
      state: "active",
      message: "",
      errorDetails: null,
      balance: 12.5,
      usageToday: 2,
      usageMonth: 2,
    });
    expect(stage.fake.requests.map(({ path }) => path)).toEqual(["/key"]);
  });

  it("tells no balance for a key without a limit", async () => {
    stage.tell({ balance: null });
    expect(await check()).toMatchObject({ state: "active", balance: null });
  });

  it("sees that the credits are used up", async () => {
    stage.tell({ balance: 0 });
    expect(await check()).toMatchObject({ state: "credits_exhausted", balance: 0 });
  });

  it("sends nothing without a key", async () => {
    stage.fake.clearRequests();
    expect(await check({ apiKey: null })).toMatchObject({ state: "api_key_missing" });
    expect(stage.fake.requests).toEqual([]);
  });

  it.each([
    ["key-invalid", "api_key_invalid"],
    ["rate-limit", "rate_limited"],
    ["down", "service_unavailable"],
    ["server-error", "service_unavailable"],
    ["reset", "service_unavailable"],
    ["broken-json", "error"],
  ] as const)("answers %s with %s", async (fault, state) => {
    stage.tell({ rules: [{ fault, on: "all", echoesKey: true }] });
    const found = await check();
    expect(found).toMatchObject({ state, balance: null });
    expect(found.message).not.toBe("");
    expect(JSON.stringify(found)).not.toContain(testKey);
  });

  it("does not wait for ever", async () => {
    stage.tell({ rules: [{ fault: "slow-first-byte", on: "account", delayMs: 60_000 }] });
    expect(await check({ timeoutMs: 100 })).toMatchObject({ state: "service_unavailable" });
  });

  it("takes a server that knows no keys for well", async () => {
    stage.tell({ rules: [{ fault: "model-missing", on: "account" }] });
    expect(await check()).toMatchObject({ state: "active", balance: null });
  });

  it("rejects only when it is aborted", async () => {
    const gone = openRouterCheck(stage.settings())(AbortSignal.abort("gone"));
    await expect(gone).rejects.toBe("gone");
  });
});
