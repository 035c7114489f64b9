import type { ServiceCheck, ServiceInfo, ServiceRecords, ServiceState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { defaultServiceStatusSettings, ServiceStatus } from "./service-status.ts";

const startAt = Date.UTC(2026, 0, 1, 12);

/** Time that a test moves; whoever sleeps wakes when it comes to that. */
class Timeline {
  #nowMs = 0;
  #sleepers: { atMs: number; wake(): void }[] = [];

  storeNow = () => startAt + this.#nowMs;
  monotonicNow = () => this.#nowMs;
  sleep = (ms: number) => new Promise<void>((wake) => this.#sleepers.push({ atMs: this.#nowMs + ms, wake }));

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const [next] = this.#sleepers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
      await settled();
    }
    this.#nowMs = untilMs;
  }
}

/** Everything that is not waiting for time has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The records of one service, as both stores keep them. */
function memoryRecords({ storeNow }: Timeline) {
  let state: ServiceState | null = null;
  let leaseUntil = 0;
  const write = (found: Partial<ServiceState>) => {
    state = { ...(state ?? nothing), ...found, lastCheckAt: storeNow() };
  };
  const records: ServiceRecords = {
    readState: async () => state,
    async writeCheck(_service, found) {
      write({ state: found.state, message: found.message, balance: found.balance, checkedAt: storeNow() });
    },
    async beginCheck(_service, leaseMs) {
      if (leaseUntil > storeNow()) return false;
      leaseUntil = storeNow() + leaseMs;
      return true;
    },
    async endCheck() {
      leaseUntil = 0;
    },
    metrics: async () => [],
    creditsHistory: async () => [],
  };
  return { records, recordCall: () => write({ state: "active", message: "" }) };
}

const nothing: ServiceState = {
  state: "active",
  message: "",
  told: null,
  found: null,
  balance: null,
  usageToday: null,
  usageMonth: null,
  lastCheckAt: 0,
  checkedAt: null,
  balanceCheckedAt: null,
  consecutiveFailures: 0,
  errorDetails: null,
};

function openStage() {
  const time = new Timeline();
  const { records, recordCall } = memoryRecords(time);
  const provider = { calls: 0, answersInMs: 0, answer: null as null | (() => Promise<ServiceCheck>) };
  const info: ServiceInfo = {
    name: "openrouter",
    policy: { service: "openrouter", limit: null, tokenLimit: null, breaker } as ServiceInfo["policy"],
    creditThresholds: { warning: 10, critical: 5 },
    async check() {
      provider.calls += 1;
      const { calls } = provider;
      if (provider.answersInMs > 0) await time.sleep(provider.answersInMs);
      if (provider.answer) return provider.answer();
      return {
        state: "active",
        message: "",
        errorDetails: null,
        balance: calls,
        usageToday: 1,
        usageMonth: 2,
      };
    },
  };
  const gateway = () => new ServiceStatus(records, time);
  const status = gateway();
  const balance = async (isForced = false) => {
    const { state, isCached } = await status.read(info, { isForced });
    return [state?.balance ?? null, isCached];
  };
  return { time, records, recordCall, provider, info, status, gateway, balance };
}

const breaker = {
  failureThreshold: 0.5,
  volumeThreshold: 10,
  windowMs: 60_000,
  openMs: 60_000,
  probes: 3,
  probeMs: 30_000,
  rampMs: 10_000,
};
const { freshMs, staleMs, spacingMs, checkMs } = defaultServiceStatusSettings;

describe("the status of a service", () => {
  it("is asked for once, and served from then on while it is fresh", async () => {
    const { time, provider, balance } = openStage();
    expect(await balance()).toEqual([1, false]);
    await time.advance(freshMs);
    expect(await balance()).toEqual([1, true]);
    expect(provider.calls).toBe(1);
  });

  it("is served at once while one caller refreshes it, up to five minutes", async () => {
    const { time, provider, balance } = openStage();
    await balance();
    await time.advance(freshMs + 1);
    provider.answersInMs = 3_000;
    const answers = await Promise.all(Array.from({ length: 100 }, () => balance()));
    expect(answers).toEqual(answers.map(() => [1, true]));
    await time.advance(3_000);
    expect(await balance()).toEqual([2, true]);
    await time.advance(staleMs);
    expect(await balance()).toEqual([2, true]);
    await time.advance(3_000);
    expect(provider.calls).toBe(3);
  });

  it("is waited for beyond that, by all together", async () => {
    const { time, provider, balance } = openStage();
    await balance();
    await time.advance(staleMs + 1);
    provider.answersInMs = 3_000;
    const answers = Promise.all(Array.from({ length: 100 }, () => balance()));
    await time.advance(3_000);
    expect(new Set((await answers).map(String))).toEqual(new Set(["2,false"]));
    expect(provider.calls).toBe(2);
  });

  it("takes a thousand requests in a minute to the provider at most twice", async () => {
    const { time, provider, balance } = openStage();
    for (let n = 0; n < 1_000; n++) {
      await balance();
      await time.advance(60);
    }
    await time.advance(0);
    expect(provider.calls).toBeLessThanOrEqual(2);
  });

  it("is asked for in a minute at most twice although calls keep the state fresh and a check tells no balance", async () => {
    const { time, provider, recordCall, balance } = openStage();
    const answer = { state: "active", message: "", errorDetails: null, usageToday: null, usageMonth: null };
    provider.answer = async () => ({ ...answer, balance: null });
    for (let n = 0; n < 1_000; n++) {
      recordCall();
      await balance();
      await time.advance(60);
    }
    expect(provider.calls).toBeLessThanOrEqual(2);
    expect(provider.calls).toBeGreaterThan(0);
  });
});

describe("a forced refresh", () => {
  it("asks the provider, at most once in five seconds", async () => {
    const { time, provider, balance } = openStage();
    expect(await balance(true)).toEqual([1, false]);
    expect(await balance(true)).toEqual([1, true]);
    await time.advance(spacingMs - 1);
    expect(await balance(true)).toEqual([1, true]);
    await time.advance(1);
    expect(await balance(true)).toEqual([2, false]);
    expect(provider.calls).toBe(2);
  });

  it("joins one that is under way", async () => {
    const { time, provider, balance } = openStage();
    provider.answersInMs = 2_000;
    const answers = Promise.all([balance(), balance(true), balance(true)]);
    await time.advance(2_000);
    expect(await answers).toEqual([
      [1, false],
      [1, false],
      [1, false],
    ]);
    expect(provider.calls).toBe(1);
  });
});

describe("several gateways", () => {
  it("check once, and the others read what it stored", async () => {
    const { time, provider, info, gateway } = openStage();
    provider.answersInMs = 2_000;
    const answers = Promise.all([gateway(), gateway(), gateway()].map((one) => one.read(info)));
    await time.advance(2_300);
    expect((await answers).map(({ state, isCached }) => [state?.balance, isCached])).toEqual([
      [1, false],
      [1, false],
      [1, false],
    ]);
    expect(provider.calls).toBe(1);
  });

  it("take over from one that died at it", async () => {
    const { time, provider, records, balance } = openStage();
    await records.beginCheck("openrouter", 4_000);
    const answer = balance();
    await time.advance(4_300);
    expect(await answer).toEqual([1, false]);
    expect(provider.calls).toBe(1);
  });

  it("wait no longer than a check may take, and then serve what there is", async () => {
    const { time, recordCall, records, balance } = openStage();
    recordCall();
    await time.advance(staleMs + 1);
    await records.beginCheck("openrouter", 3_600_000);
    const answer = balance();
    await time.advance(checkMs + 5_300);
    expect(await answer).toEqual([null, true]);
  });
});

describe("a check that fails", () => {
  it("is an answer like any other, and is not repeated at once", async () => {
    const { provider, info, status } = openStage();
    provider.answer = () => Promise.reject(new Error("It broke."));
    expect((await status.read(info)).state).toMatchObject({ state: "error" });
    expect(await status.read(info)).toMatchObject({ isCached: true });
    expect(provider.calls).toBe(1);
  });

  it("may be made again when its outcome could not be stored", async () => {
    const { time, provider, records, info, status } = openStage();
    const { writeCheck } = records;
    records.writeCheck = () => Promise.reject(new Error("The store is away."));
    await expect(status.read(info)).rejects.toThrow("away");
    records.writeCheck = writeCheck;
    await time.advance(spacingMs);
    expect((await status.read(info)).isCached).toBe(false);
    expect(provider.calls).toBe(2);
  });
});

describe("a service that can't be asked", () => {
  it("is what its callers found lately, and else unknown", async () => {
    const { time, recordCall, status, info } = openStage();
    const silent = { ...info, check: null };
    expect(await status.read(silent)).toEqual({ state: null, isCached: true });
    recordCall();
    expect((await status.read(silent, { isForced: true })).state).toMatchObject({ state: "active" });
    await time.advance(freshMs + 1);
    expect((await status.read(silent)).state).toBeNull();
  });
});

describe("keeping it current", () => {
  it("checks only what nobody checked for that long", async () => {
    const { time, provider, info, status, balance } = openStage();
    await balance();
    await status.keepCurrent(info, 900_000);
    expect(provider.calls).toBe(1);
    await time.advance(900_001);
    await status.keepCurrent(info, 900_000);
    expect(provider.calls).toBe(2);
  });
});

describe("closing", () => {
  it("stores nothing of a check that it cuts off, and answers those who wait with what there is", async () => {
    const { time, provider, records, info, status } = openStage();
    provider.answer = () => new Promise(() => {});
    const answer = status.read(info);
    await time.advance(0);
    const closed = status.close();
    await time.advance(0);
    expect(await answer).toEqual({ state: null, isCached: true });
    await closed;
    expect(await records.readState("openrouter")).toBeNull();
    expect(await records.beginCheck("openrouter", 1_000)).toBe(true);
  });
});
