import { describe, expect, it } from "vitest";
import { GuardStage, tenASecond } from "./guard-stage.fixture.ts";

const minute = 60_000;
const twoASecond = { requests: 2, intervalMs: 1_000 };
const fiveASecond = { requests: 5, intervalMs: 1_000 };

const started = (limit = tenASecond) => {
  const stage = new GuardStage({ limit });
  stage.configure(limit);
  stage.events.length = 0;
  return stage;
};

const limitNow = (stage: GuardStage) => stage.limiter?.limit;

describe("configuring", () => {
  it("takes over a limit that the code changed, and forgets an operator's and a learned one", () => {
    const stage = started();
    stage.changeLimit(fiveASecond);
    stage.configure(tenASecond);
    expect(limitNow(stage)).toEqual(fiveASecond);
    stage.configure(twoASecond);
    expect(stage.limiter).toMatchObject({ limit: twoASecond, configured: twoASecond });
    expect(stage.eventsOf("rate_limit_changed")).toHaveLength(2);
  });

  it("takes a limit away that the code no longer has, but not an operator's of an unlimited service", () => {
    const stage = started();
    stage.configure(null);
    expect(stage.limiter).toBeNull();
    stage.changeLimit(twoASecond);
    stage.configure(null);
    expect(limitNow(stage)).toEqual(twoASecond);
  });

  it("happens at the first turn too, when nothing is known", () => {
    const stage = new GuardStage();
    stage.acquire();
    expect(limitNow(stage)).toEqual(tenASecond);
    expect(stage.eventsOf("rate_limit_changed")).toHaveLength(1);
  });
});

describe("learning", () => {
  it("takes over a lower limit only", () => {
    const stage = started();
    stage.call("failure", { learnedLimit: { requests: 1_000, intervalMs: minute } });
    expect(limitNow(stage)).toEqual(tenASecond);
    stage.call("failure", { learnedLimit: { requests: 20, intervalMs: minute } });
    expect(limitNow(stage)).toEqual({ requests: 20, intervalMs: minute });
    expect(stage.limiter?.configured).toEqual(tenASecond);
    stage.now += 10_000;
    stage.call("failure", { learnedLimit: { requests: 0, intervalMs: minute } });
    expect(limitNow(stage)).toEqual({ requests: 20, intervalMs: minute });
    expect(stage.eventsOf("rate_limit_changed")).toHaveLength(1);
  });

  it("gives back a tenth of the rate before a minute, up to all of it", () => {
    const stage = started();
    stage.call("failure", { learnedLimit: twoASecond });
    const seen: (number | undefined)[] = [];
    for (let passed = 0; passed < 9; passed++) {
      stage.now += minute;
      stage.acquire();
      seen.push(limitNow(stage)?.requests);
    }
    expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 10]);
    expect(stage.eventsOf("rate_limit_changed")).toHaveLength(9);
  });

  it("raises in its own interval, by one request at least", () => {
    const stage = started();
    stage.call("failure", { learnedLimit: { requests: 20, intervalMs: minute } });
    stage.now += minute;
    expect(limitNow(stage)).toEqual({ requests: 80, intervalMs: minute });
    stage.changeLimit(twoASecond);
    stage.call("failure", { learnedLimit: { requests: 1, intervalMs: 1_000 } });
    stage.now += minute;
    expect(limitNow(stage)).toEqual(twoASecond);
  });

  it("loses no request to rounding", () => {
    const stage = started({ requests: 43, intervalMs: 1_000 });
    stage.call("failure", { learnedLimit: { requests: 10, intervalMs: 10_000 } });
    stage.now += minute;
    expect(limitNow(stage)).toEqual({ requests: 53, intervalMs: 10_000 });
  });

  it("starts the minutes anew when the same limit is named again", () => {
    const stage = started();
    stage.call("failure", { learnedLimit: twoASecond });
    stage.now += minute - 1;
    stage.call("failure", { learnedLimit: twoASecond });
    stage.now += minute - 1;
    expect(limitNow(stage)).toEqual(twoASecond);
    stage.now += 1;
    expect(limitNow(stage)).toEqual({ requests: 3, intervalMs: 1_000 });
  });

  it("goes back to an operator's limit and not past it", () => {
    const stage = started();
    stage.changeLimit(fiveASecond);
    stage.call("failure", { learnedLimit: twoASecond });
    expect(stage.limiter?.configured).toEqual(fiveASecond);
    stage.now += 60 * minute;
    expect(limitNow(stage)).toEqual(fiveASecond);
  });

  it("is forgotten when an operator changes the limit", () => {
    const stage = started();
    stage.call("failure", { learnedLimit: twoASecond });
    stage.changeLimit(fiveASecond);
    stage.now += 60 * minute;
    expect(limitNow(stage)).toEqual(fiveASecond);
  });

  it("is never raised where there was no limit before", () => {
    const stage = new GuardStage({ limit: null });
    stage.call("failure", { learnedLimit: twoASecond });
    stage.now += 60 * minute;
    expect(stage.limiter).toMatchObject({ limit: twoASecond, configured: twoASecond });
  });
});
