import { describe, expect, it } from "vitest";
import { GuardStage, said } from "./guard-stage.fixture.ts";

const delays = (stage: GuardStage, count: number, cost = 1) =>
  Array.from({ length: count }, () => {
    const answer = stage.acquire({ cost }, 0);
    return answer.kind === "park" ? answer.delayMs : answer.kind;
  });

describe("parking", () => {
  it("spaces those that an open breaker sends away by the ramp's rate, from retryAt on", () => {
    const stage = new GuardStage({ breaker: { openMs: 60_000, rampMs: 10_000 } });
    stage.calls(4, "failure");
    expect(delays(stage, 4)).toEqual([60_000, 61_000, 61_527, 61_948]);
    const [before = 0, last = 0] = delays(stage, 90).slice(-2).map(Number);
    expect(before).toBeGreaterThan(70_000);
    expect(last - before).toBe(100);
  });

  it("spaces by the full rate when it was forced open, and comes back after openMs", () => {
    const stage = new GuardStage();
    stage.forceOpen();
    expect(delays(stage, 3)).toEqual([30_000, 30_100, 30_200]);
    expect(delays(stage, 2, 3)).toEqual([30_300, 30_600]);
  });

  it("comes back a second later while half-open, then as the ramp from now on would have it", () => {
    const stage = new GuardStage();
    stage.calls(4, "failure");
    stage.now += 30_000;
    stage.acquireAll([{}, {}]);
    expect(delays(stage, 3)).toEqual([1_000, 1_527, 1_948]);
  });

  it("spaces by 20 ms without a limit", () => {
    const stage = new GuardStage({ limit: null });
    stage.forceOpen();
    expect(delays(stage, 3)).toEqual([30_000, 30_020, 30_040]);
  });

  it("spaces by the tokens that a call needs, where these take longer", () => {
    const stage = new GuardStage({ tokenLimit: { requests: 1_000, intervalMs: 10_000 } });
    stage.forceOpen();
    const parked = stage.acquireAll([{ tokens: 250 }, { tokens: 5 }, { cost: 3, tokens: 5 }, {}]);
    expect(parked.map(said)).toEqual([
      "park open 30000",
      "park open 32500",
      "park open 32600",
      "park open 32900",
    ]);
  });

  it("begins anew where the line has ended", () => {
    const stage = new GuardStage();
    stage.forceOpen();
    delays(stage, 3);
    stage.now += 60_000;
    expect(delays(stage, 1)).toEqual([30_000]);
  });
});
