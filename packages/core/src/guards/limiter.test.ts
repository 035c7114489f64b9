import { describe, expect, it } from "vitest";
import { GuardStage, said, turnOf } from "./guard-stage.fixture.ts";

const acquired = (stage: GuardStage, count: number, maxWaitMs = 2_000) =>
  Array.from({ length: count }, () => said(stage.acquire({}, maxWaitMs)));

describe("reserving", () => {
  it("grants what was saved up, then a turn each interval / requests, then parks", () => {
    const stage = new GuardStage();
    expect(acquired(stage, 5)).toEqual(Array.from({ length: 5 }, () => "granted"));
    expect(acquired(stage, 4, 250)).toEqual(["wait 50", "wait 150", "wait 250", "park limited 350"]);
  });

  it("keeps back half a second of an interval, and not quite half of a short one", () => {
    expect(new GuardStage({ limit: { requests: 230, intervalMs: 10_000 } }).drain()).toBe(218);
    expect(new GuardStage({ limit: { requests: 100, intervalMs: 1_000 } }).drain()).toBe(55);
  });

  it("lets a process whose first calls these are use less of what was saved up, for they will be late", () => {
    const short = new GuardStage();
    expect([true, true, false].map((isCold) => said(short.acquire({ isCold })))).toEqual([
      ...["granted", "wait 100", "wait 200"],
    ]);
    const long = new GuardStage({ limit: { requests: 100, intervalMs: 10_000 } });
    const answers = long.acquireAll(Array.from({ length: 86 }, () => ({ isCold: true }))).map(said);
    expect([answers.lastIndexOf("granted"), answers.at(-1)]).toEqual([84, "wait 100"]);
  });

  it("lets one call that costs more wait until so much was saved up, as far as the interval goes", () => {
    const stage = new GuardStage();
    expect([said(stage.acquire({ cost: 8 })), said(stage.acquire())]).toEqual(["granted", "wait 100"]);
    expect(stage.drain()).toBe(0);
    stage.now += 500;
    expect(said(stage.acquire({ cost: 8 }))).toBe("wait 400");
  });

  it("saves up in fractions, and no more than the capacity", () => {
    const stage = new GuardStage();
    stage.drain();
    stage.now += 80;
    expect(stage.limiter?.tokens).toBeCloseTo(1.3, 6);
    expect(stage.drain()).toBe(1);
    stage.now += 3_600_000;
    expect(stage.limiter?.tokens).toBeCloseTo(5.5, 6);
    expect(stage.drain()).toBe(5);
  });

  it("charges what a call costs, fractions too", () => {
    const stage = new GuardStage();
    expect([said(stage.acquire({ cost: 9.5 })), said(stage.acquire({ cost: 0.5 }))]).toEqual([
      "granted",
      "wait 50",
    ]);
    expect(said(stage.acquire({ cost: 0 }))).toBe("wait 50");
  });

  it("lets a call go that costs more than the bucket holds when it is full, and is in debt then", () => {
    const stage = new GuardStage();
    expect(said(stage.acquire({ cost: 25 }, 0))).toBe("granted");
    expect(stage.limiter?.tokens).toBeCloseTo(-16, 6);
    expect(said(stage.acquire())).toBe("wait 1700");
  });

  it("spaces the calls of one an interval by all of it, and grants the first at once", () => {
    const stage = new GuardStage({ limit: { requests: 1, intervalMs: 1_000 } });
    expect(acquired(stage, 3)).toEqual(["granted", "wait 1050", "park limited 2100"]);
  });

  it("makes nobody wait without a limit", () => {
    const stage = new GuardStage({ limit: null });
    expect(new Set(acquired(stage, 1_000, 0))).toEqual(new Set(["granted"]));
    expect(stage.limiter).toBeNull();
  });
});

describe("the token limit", () => {
  const tokenLimit = { requests: 1_000, intervalMs: 10_000 };

  it("is reserved with the estimate; the later of both turns counts", () => {
    const stage = new GuardStage({ tokenLimit });
    expect(said(stage.acquire({ tokens: 950 }))).toBe("granted");
    expect(said(stage.acquire({ tokens: 50 }))).toBe("wait 500");
    expect(said(stage.acquire())).toBe("wait 500");
  });

  it("reserves neither bucket when one would take too long", () => {
    const stage = new GuardStage({ tokenLimit });
    stage.acquire({ tokens: 950 });
    const before = stage.limiter?.tokens;
    expect(said(stage.acquire({ tokens: 500 }))).toBe("park limited 5000");
    stage.guard.limiter.parkAt = 0;
    expect(stage.limiter?.tokens).toBe(before);
    expect(said(stage.acquire({ tokens: 0 }))).toBe("granted");
  });

  it("lets the requests' place begin when the tokens are there, so that it is not over before", () => {
    const stage = new GuardStage({ tokenLimit });
    stage.acquire({ tokens: 950 });
    const waiting = turnOf(stage.acquire({ tokens: 150 }));
    stage.now += 1_500;
    expect(said(stage.confirm(waiting))).toBe("granted");
  });

  it("is corrected by what was used", () => {
    const stage = new GuardStage({ tokenLimit });
    const turn = turnOf(stage.acquire({ tokens: 950 }));
    stage.record(turn, "success", { tokensUsed: 450 });
    expect(said(stage.acquire({ tokens: 500 }))).toBe("granted");
    const long = turnOf(stage.acquire({ tokens: 10 }));
    stage.now += 60_000;
    stage.record(long, "success", { tokensUsed: 960 });
    expect(said(stage.acquire({ tokens: 10 }))).toBe("wait 100");
  });

  it("has no ramp", () => {
    const stage = new GuardStage({ tokenLimit, limit: null });
    stage.forceOpen();
    stage.reset();
    expect(said(stage.acquire({ tokens: 950 }))).toBe("granted");
    expect(said(stage.acquire({ tokens: 50 }))).toBe("wait 500");
  });
});

describe("confirming", () => {
  const waiting = (stage: GuardStage) => {
    stage.drain();
    return turnOf(stage.acquire());
  };

  it("grants at the turn, a timer's ms early too, and waits before it", () => {
    const stage = new GuardStage();
    const turn = waiting(stage);
    expect(said(stage.confirm(turn))).toBe("wait 50");
    stage.now += 49;
    expect(said(stage.confirm(turn))).toBe("granted");
  });

  it("parks at its due what would wait too long, and gives it back", () => {
    const stage = new GuardStage();
    const turn = waiting(stage);
    expect(said(stage.confirm(turn, 10))).toBe("park limited 50");
    expect(stage.limiter?.tokens).toBeCloseTo(0.5, 6);
  });

  it("grants a late turn its place still", () => {
    const stage = new GuardStage();
    const turn = waiting(stage);
    stage.now += 900;
    expect(said(stage.confirm(turn))).toBe("granted");
    expect(stage.limiter?.tokens).toBeCloseTo(5.5, 6);
  });

  it("reserves anew for one whose place is over, when others after it have called", () => {
    const stage = new GuardStage();
    const turn = waiting(stage);
    stage.now += 1_500;
    stage.drain();
    expect(said(stage.confirm(turn))).toBe("wait 50");
  });

  it("takes all after it along when none of these has called", () => {
    const stage = new GuardStage({ limit: { requests: 1, intervalMs: 1_000 } });
    stage.drain();
    const [first, second] = stage.acquireAll([{}, {}], 3_000).map(turnOf);
    stage.now += 1_050 + 80;
    expect(said(stage.confirm(first ?? ""))).toBe("granted");
    expect(said(stage.confirm(second ?? ""))).toBe("wait 1001");
  });

  it("takes nobody along for a second or more: a process that was stopped goes to the end of the line", () => {
    const late = new GuardStage({ limit: { requests: 1, intervalMs: 1_000 } });
    late.drain();
    const [first] = late.acquireAll([{}, {}], 3_000).map(turnOf);
    late.now += 1_050 + 2_000;
    expect(said(late.confirm(first ?? ""))).toBe("wait 100");

    const unlimited = new GuardStage({ limit: null });
    const other = turnOf(unlimited.acquire());
    unlimited.record(other, "failure", { holdMs: 1_000 });
    const placeless = turnOf(unlimited.acquire());
    unlimited.record(other, "failure", { holdMs: 2_000 });
    unlimited.changeLimit({ requests: 10, intervalMs: 1_000 });
    unlimited.now += 2_000;
    expect(said(unlimited.confirm(placeless))).toBe("wait 100");
    expect(unlimited.limiter?.waitMs).toBe(200);
  });

  it("keeps nearly all of the rate with timers that are always late", () => {
    const stage = new GuardStage({ limit: { requests: 1, intervalMs: 1_000 } });
    const waiters: { turn: string; at: number }[] = [];
    const endAt = stage.now + 60_000;
    let granted = 0;
    const take = (answer: ReturnType<typeof stage.acquire>) => {
      if (answer.kind === "granted") granted += 1;
      if (answer.kind === "wait") waiters.push({ turn: answer.turn, at: stage.now + answer.waitMs + 80 });
    };
    while (stage.now < endAt) {
      while (waiters.length < 3) take(stage.acquire({ isReturning: true }, 10_000));
      waiters.sort((a, b) => a.at - b.at);
      const { turn, at } = waiters.shift() ?? { turn: "", at: 0 };
      stage.now = at;
      take(stage.confirm(turn, 10_000));
    }
    expect(granted).toBeGreaterThan(54);
  });
});

describe("cancelling", () => {
  it("gives back a turn with none after it, whole", () => {
    const stage = new GuardStage();
    stage.drain();
    const turn = turnOf(stage.acquire());
    stage.cancel(turn);
    expect(said(stage.acquire())).toBe("wait 50");
  });

  it("gives nothing back when others were reserved after it", () => {
    const stage = new GuardStage();
    stage.drain();
    const first = turnOf(stage.acquire({ cost: 5 }));
    stage.acquire();
    stage.cancel(first);
    expect(said(stage.acquire())).toBe("wait 650");
  });

  it("gives a batch back latest first", () => {
    const stage = new GuardStage();
    stage.drain();
    const turns = stage.acquireAll([{}, {}, {}]).map(turnOf);
    stage.cancel(...turns);
    expect(said(stage.acquire())).toBe("wait 50");
  });

  it("gives back what was reserved, whatever the limit is by now", () => {
    const stage = new GuardStage();
    stage.drain();
    const turn = turnOf(stage.acquire());
    stage.changeLimit({ requests: 1, intervalMs: 1_000 });
    stage.cancel(turn);
    expect(stage.limiter?.waitMs).toBe(900);
  });

  it("gives back both buckets, and after a hold too", () => {
    const stage = new GuardStage({ tokenLimit: { requests: 1_000, intervalMs: 10_000 } });
    stage.acquire({ tokens: 950 });
    stage.drain();
    const turn = turnOf(stage.acquire({ tokens: 100 }));
    stage.call("failure", { holdMs: 5_000 });
    stage.cancel(turn);
    expect(said(stage.acquire({ tokens: 100 }, 10_000))).toBe("wait 6000");
  });
});

describe("holding", () => {
  it("makes everyone wait, once for the same reason, in the order of their turns", () => {
    const stage = new GuardStage();
    const called = [turnOf(stage.acquire()), turnOf(stage.acquire())];
    stage.drain();
    const waiting = [stage.acquire(), stage.acquire()].map(turnOf);
    for (const turn of called) stage.record(turn, "failure", { holdMs: 5_000 });
    expect(stage.limiter?.holdUntil).toBe(stage.now + 5_000);
    expect(stage.eventsOf("service_held")).toHaveLength(1);
    stage.now += 4_000;
    expect(waiting.map((turn) => said(stage.confirm(turn)))).toEqual(["wait 1050", "wait 1150"]);
    expect(said(stage.acquire())).toBe("wait 1250");
    stage.now += 1_000;
    expect(stage.limiter?.holdUntil).toBeNull();
  });

  it("lets nothing be saved up meanwhile", () => {
    const stage = new GuardStage();
    stage.call("failure", { holdMs: 60_000 });
    stage.now += 60_000;
    expect(stage.drain()).toBe(0);
  });

  it("keeps back a turn that was overdue as it began", () => {
    const stage = new GuardStage();
    stage.drain();
    const late = turnOf(stage.acquire());
    stage.now += 500;
    stage.call("failure", { holdMs: 1_000 });
    stage.now += 700;
    expect(said(stage.confirm(late))).toBe("wait 300");
  });

  it("leaves no gap before its end when a turn is given back", () => {
    const stage = new GuardStage();
    stage.drain();
    const turn = turnOf(stage.acquire());
    stage.now += 10;
    stage.record(turn, "failure", { holdMs: 1_000 });
    stage.cancel(turn);
    expect(said(stage.acquire({ cost: 0.1 }))).toBe("wait 1000");
  });

  it("holds a service without a limit too", () => {
    const stage = new GuardStage({ limit: null });
    stage.call("failure", { holdMs: 1_500 });
    expect(said(stage.acquire())).toBe("wait 1500");
    expect(said(stage.acquire({}, 1_000))).toBe("park limited 1500");
  });
});

describe("those that were parked", () => {
  it("come back before those that come for the first time", () => {
    const stage = new GuardStage();
    stage.drain();
    expect(said(stage.acquire({}, 0))).toBe("park limited 50");
    stage.now += 50;
    expect(said(stage.acquire({}, 0))).toBe("park limited 100");
    expect(said(stage.acquire({ isReturning: true }, 0))).toBe("granted");
  });

  it("are not waited for when their places went unused", () => {
    const stage = new GuardStage();
    stage.drain();
    for (let count = 0; count < 50; count++) stage.acquire({}, 0);
    stage.now += 1_000;
    expect(said(stage.acquire({}, 0))).toMatch(/^park limited/);
    stage.now += 100;
    expect(said(stage.acquire({}, 0))).toBe("granted");
  });

  it("are not waited for after the end of their line, nor at a service without limits", () => {
    const stage = new GuardStage();
    stage.drain();
    stage.acquire({}, 0);
    stage.now += 151;
    expect(said(stage.acquire({}, 0))).toBe("granted");
    const unlimited = new GuardStage({ limit: null });
    unlimited.forceOpen();
    unlimited.acquire();
    unlimited.guard.breaker.state = "CLOSED";
    expect(said(unlimited.acquire())).toBe("granted");
  });
});
