import { describe, expect, it } from "vitest";
import { GuardStage, said, turnOf } from "./guard-stage.fixture.ts";

const unlimited = (breaker = {}) => new GuardStage({ limit: null, breaker });

const opened = (breaker = {}) => {
  const stage = unlimited(breaker);
  stage.calls(4, "failure");
  return stage;
};

const halfOpen = (breaker = {}) => {
  const stage = opened(breaker);
  stage.now += 30_000;
  return stage;
};

describe("the window", () => {
  it("opens at the ratio, once it holds enough calls", () => {
    const stage = unlimited();
    expect(stage.calls(3, "failure")).toMatchObject({ state: "CLOSED", failures: 3 });
    expect(stage.call("success")).toEqual({
      state: "OPEN",
      version: 1,
      failures: 3,
      successes: 1,
      openedAt: stage.now,
      retryAt: stage.now + 30_000,
    });
  });

  it("stays closed below the ratio, and always at a threshold of 0", () => {
    const stage = unlimited();
    stage.calls(5, "success");
    expect(stage.calls(4, "failure")).toMatchObject({ state: "CLOSED", failures: 4, successes: 5 });
    expect(stage.calls(1, "failure")).toMatchObject({ state: "OPEN" });
    expect(unlimited({ failureThreshold: 0 }).calls(50, "failure")).toMatchObject({ state: "CLOSED" });
  });

  it("is what ended in the last minute, by buckets of 10 s", () => {
    const stage = unlimited();
    stage.calls(3, "failure");
    stage.now += 59_999;
    expect(stage.call("ignored")).toMatchObject({ failures: 3 });
    stage.now += 1;
    expect(stage.call("failure")).toMatchObject({ state: "CLOSED", failures: 1 });
  });

  it("does not count what was ignored", () => {
    expect(unlimited().calls(20, "ignored")).toMatchObject({ state: "CLOSED", failures: 0, successes: 0 });
  });

  it("does not count what began before the last change", () => {
    const stage = unlimited();
    const early = turnOf(stage.acquire());
    stage.forceOpen();
    stage.reset();
    expect(stage.record(early, "failure")).toMatchObject({ failures: 0 });
  });
});

describe("an open breaker", () => {
  it("parks until retryAt, then lets so many probes through at a time", () => {
    const stage = opened();
    stage.now += 29_999;
    expect(said(stage.acquire())).toBe("park open 1");
    stage.guard.limiter.parkAt = 0;
    stage.now += 1;
    const answers = stage.acquireAll([{}, {}, {}]).map(said);
    expect(answers).toEqual(["probe", "probe", "park half_open 1000"]);
    expect(stage.breaker).toMatchObject({ state: "HALF_OPEN", version: 2, successes: 0, probes: 2 });
  });

  it("parks what waited for its turn, and gives that back", () => {
    const stage = new GuardStage();
    stage.drain();
    const turn = turnOf(stage.acquire());
    stage.forceOpen();
    expect(said(stage.confirm(turn))).toBe("park open 30000");
    expect(stage.limiter?.tokens).toBeCloseTo(0.5, 6);
  });
});

describe("half-open", () => {
  it("closes with as many successes as probes", () => {
    const stage = halfOpen();
    expect(stage.call("success")).toMatchObject({ state: "HALF_OPEN", successes: 1, probes: 0 });
    expect(stage.call("success")).toEqual({
      state: "CLOSED",
      version: 3,
      failures: 0,
      successes: 0,
      closedAt: stage.now,
    });
  });

  it("opens again at the first failure", () => {
    const stage = halfOpen();
    stage.call("success");
    expect(stage.call("failure")).toMatchObject({
      state: "OPEN",
      failures: 1,
      successes: 1,
      openedAt: stage.now,
      retryAt: stage.now + 30_000,
    });
  });

  it("gives a probe's place away when it is ignored, cancelled, or given up", () => {
    const stage = halfOpen();
    const [first, second] = stage.acquireAll([{}, {}]).map(turnOf);
    stage.record(first ?? "", "ignored");
    expect(stage.breaker).toMatchObject({ state: "HALF_OPEN", probes: 1 });
    stage.cancel(second ?? "");
    expect(stage.breaker).toMatchObject({ probes: 0 });
    stage.acquireAll([{}, {}]);
    expect(said(stage.acquire())).toMatch(/^park half_open/);
    stage.now += 20_000;
    expect(said(stage.acquire())).toBe("probe");
    expect(stage.breaker).toMatchObject({ probes: 1 });
  });

  it("takes a turn that was reserved before as a probe, if there is room", () => {
    const stage = new GuardStage();
    stage.drain();
    const turns = stage.acquireAll([{}, {}, {}]).map(turnOf);
    stage.forceOpen();
    stage.guard.breaker.retryAt = stage.now;
    const waits = turns.map((turn) => said(stage.confirm(turn)));
    expect(waits).toEqual(["wait 50", "wait 150", "park half_open 1000"]);
    expect(stage.breaker).toMatchObject({ state: "HALF_OPEN", probes: 2 });
  });

  it("counts a confirmed turn for the version of its confirmation", () => {
    const stage = new GuardStage();
    stage.drain();
    const reserved = turnOf(stage.acquire());
    stage.forceOpen();
    stage.reset();
    stage.now += 100;
    const confirmed = turnOf(stage.confirm(reserved));
    expect(stage.record(reserved, "failure")).toMatchObject({ failures: 0 });
    expect(stage.record(confirmed, "failure")).toMatchObject({ failures: 1 });
  });
});

describe("an operator", () => {
  it("forces it open until it is reset", () => {
    const stage = unlimited();
    expect(stage.forceOpen()).toMatchObject({ state: "OPEN", version: 1, retryAt: null });
    stage.now += 3_600_000;
    expect(said(stage.acquire())).toBe("park open 30000");
    expect(stage.forceOpen()).toMatchObject({ version: 1 });
    expect(stage.reset()).toMatchObject({ state: "CLOSED", version: 2, closedAt: stage.now });
    expect(stage.eventsOf("circuit_breaker_changed")).toHaveLength(2);
  });

  it("forces one open that was open by itself: since when it is open stays", () => {
    const stage = opened();
    const openedAt = stage.now;
    stage.now += 1_000;
    expect(stage.forceOpen()).toMatchObject({ state: "OPEN", version: 2, openedAt, retryAt: null });
  });

  it("empties the window of a closed one, which is no change", () => {
    const stage = unlimited();
    stage.calls(3, "failure");
    expect(stage.reset()).toEqual({ state: "CLOSED", version: 0, failures: 0, successes: 0, closedAt: null });
    expect(stage.calls(3, "failure")).toMatchObject({ state: "CLOSED", failures: 3 });
    expect(stage.eventsOf("circuit_breaker_changed")).toEqual([]);
  });

  it("lets go of the line of those that were parked", () => {
    const stage = new GuardStage();
    stage.forceOpen();
    for (let count = 0; count < 100; count++) stage.acquire();
    stage.reset();
    expect(said(stage.acquire())).toBe("granted");
  });
});

describe("the ramp", () => {
  it("rises from a tenth of the rate, and of what was saved up", () => {
    const stage = new GuardStage();
    stage.forceOpen();
    stage.now += 60_000;
    stage.reset();
    expect([said(stage.acquire()), said(stage.acquire())]).toEqual(["granted", "wait 1000"]);
    stage.now += 6_000;
    expect([said(stage.acquire()), said(stage.acquire())]).toEqual(["granted", "granted"]);
    stage.now += 5_000;
    expect(stage.drain()).toBe(5);
  });

  it("is none when it takes no time", () => {
    const stage = new GuardStage({ breaker: { rampMs: 0 } });
    stage.forceOpen();
    stage.reset();
    expect(stage.drain()).toBe(5);
  });
});
