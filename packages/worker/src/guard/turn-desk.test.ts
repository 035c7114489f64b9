import { type TurnAnswer, WorkstreamError } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { defineService } from "../definition/define-service.ts";
import { silentLogger } from "../logger.ts";
import { ScriptedGuards } from "./guards.fixture.ts";
import { TurnDesk } from "./turn-desk.ts";
import type { TurnTicket } from "./turn-ticket.ts";

const { policy } = defineService({ name: "model", limit: "10/1s" });
const request = { cost: 1, isReturning: false, tokens: 0 };

function setUp() {
  const guards = new ScriptedGuards();
  const desk = new TurnDesk({
    ...{ guards, policy, maxWaitMs: 2000, clock: systemClock, logger: silentLogger, onBreaker: () => {} },
  });
  const outcomes: string[] = [];
  /** Asks for a turn, and writes down under `name` what came of it. */
  const ask = (name: string): TurnTicket => {
    const ticket = desk.ask(request);
    ticket.answer.then(
      (admission) =>
        outcomes.push(`${name} ${admission.kind === "granted" ? admission.place.turn : admission.kind}`),
      (error: unknown) => outcomes.push(`${name} ${error instanceof Error ? error.message : String(error)}`),
    );
    return ticket;
  };
  return { guards, desk, ask, outcomes };
}

const turnPasses = () => vi.advanceTimersByTimeAsync(0);

describe("TurnDesk", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("asks for all turns of one turn of the event loop in one step", async () => {
    const { guards, ask, outcomes } = setUp();
    ask("a");
    await Promise.resolve();
    ask("b");
    await turnPasses();
    ask("c");
    await turnPasses();
    expect(guards.asked("acquire").map((requests) => requests.length)).toEqual([2, 1]);
    expect(outcomes).toEqual(["a t1", "b t2", "c t3"]);
  });

  it("confirms a place when it is due, together with those due within 5 ms", async () => {
    const { guards, ask, outcomes } = setUp();
    guards.onAcquire = () => [100, 103, 105, 106].map((waitMs) => guards.wait(waitMs));
    for (const name of ["a", "b", "c", "d"]) ask(name);
    await turnPasses();
    await vi.advanceTimersByTimeAsync(104);
    expect(guards.asked("confirm")).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(guards.asked("confirm")).toEqual([["t1", "t2", "t3"]]);
    await vi.advanceTimersByTimeAsync(5);
    expect(guards.asked("confirm")).toEqual([["t1", "t2", "t3"], ["t4"]]);
    expect(outcomes).toEqual(["a t1", "b t2", "c t3", "d t4"]);
    expect(guards.asked("acquire")).toHaveLength(1);
  });

  it("waits on where the store says so, and is sent away where it says that", async () => {
    const { guards, ask, outcomes } = setUp();
    guards.onAcquire = () => [guards.wait(50), guards.wait(60)];
    ask("a");
    ask("b");
    guards.onConfirm = () => [{ kind: "wait", turn: "t1+", waitMs: 400 }];
    await vi.advanceTimersByTimeAsync(51);
    guards.onConfirm = () => [{ kind: "park", reason: "open", delayMs: 9000 }];
    await vi.advanceTimersByTimeAsync(20);
    expect(outcomes).toEqual(["b refused"]);
    guards.onConfirm = (turns) => turns.map((turn) => ({ kind: "granted", turn, isProbe: false }));
    await vi.advanceTimersByTimeAsync(400);
    expect(guards.asked("confirm")).toEqual([["t1"], ["t2"], ["t1+"]]);
    expect(outcomes).toEqual(["b refused", "a t1+"]);
  });

  it("gives a turn back whose grant was read too late, and asks anew", async () => {
    const { guards, ask, outcomes } = setUp();
    let answer: (answers: TurnAnswer[]) => void = () => {};
    guards.onAcquire = () => new Promise((resolve) => (answer = resolve));
    ask("a");
    await vi.advanceTimersByTimeAsync(500);
    guards.onAcquire = () => [guards.granted()];
    answer([guards.granted()]);
    await vi.advanceTimersByTimeAsync(10);
    expect(guards.asked("cancel")).toEqual([["t1"]]);
    expect(outcomes).toEqual(["a t2"]);
  });

  it("takes even a late turn when the store is never faster", async () => {
    const { guards, ask, outcomes } = setUp();
    guards.onAcquire = () => new Promise((resolve) => setTimeout(() => resolve([guards.granted()]), 500));
    ask("a");
    await vi.advanceTimersByTimeAsync(2_500);
    expect(guards.asked("acquire")).toHaveLength(4);
    expect(outcomes).toEqual(["a t4"]);
  });

  it("gives the turn of one who leaves to the next, and the last one's back", async () => {
    const { guards, ask, outcomes } = setUp();
    guards.onAcquire = () => [100, 200, 300].map((waitMs) => guards.wait(waitMs));
    const first = ask("a");
    ask("b");
    ask("c");
    await turnPasses();
    first.withdraw(new Error("left"));
    await turnPasses();
    expect(guards.asked("cancel")).toEqual([["t3"]]);
    await vi.advanceTimersByTimeAsync(210);
    expect(outcomes).toEqual(["a left", "b t1", "c t2"]);
  });

  it("gives turns back latest first when all leave at once", async () => {
    const { guards, ask } = setUp();
    guards.onAcquire = () => [100, 200, 300].map((waitMs) => guards.wait(waitMs));
    const tickets = ["a", "b", "c"].map(ask);
    await turnPasses();
    for (const ticket of tickets) ticket.withdraw(new Error("left"));
    await turnPasses();
    expect(guards.asked("cancel")).toEqual([["t3", "t2", "t1"]]);
  });

  it("lets the next go at once on a turn that was granted and is not used", async () => {
    const { guards, desk, ask, outcomes } = setUp();
    guards.onAcquire = () => [guards.granted(), guards.wait(100), guards.wait(200)];
    const first = ask("a");
    ask("b");
    ask("c");
    await turnPasses();
    const admission = await first.answer;
    if (admission.kind !== "granted") throw new Error("a was to be granted.");
    desk.giveBack(admission.place);
    await turnPasses();
    expect(outcomes).toEqual(["a t1", "b t1"]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outcomes).toEqual(["a t1", "b t1", "c t2"]);
    expect(guards.asked("cancel")).toEqual([["t3"]]);
  });

  it("asks nothing for one who left before the turn of the loop was over", async () => {
    const { guards, ask, outcomes } = setUp();
    ask("a").withdraw(new Error("left"));
    await turnPasses();
    expect(guards.steps).toEqual([]);
    expect(outcomes).toEqual(["a left"]);
  });

  it("hands on a turn whose caller left while the store was being asked", async () => {
    const { guards, ask, outcomes } = setUp();
    guards.onAcquire = () => [guards.wait(10), guards.wait(500)];
    const first = ask("a");
    ask("b");
    await turnPasses();
    guards.onConfirm = (turns) => {
      first.withdraw(new Error("left"));
      return turns.map((turn) => ({ kind: "granted", turn, isProbe: false }));
    };
    await vi.advanceTimersByTimeAsync(10);
    expect(outcomes).toEqual(["a left", "b t1"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(guards.asked("cancel")).toEqual([["t2"]]);
  });

  it("asks again about everyone who waits when something has changed", async () => {
    const { guards, desk, ask, outcomes } = setUp();
    guards.onAcquire = () => [100, 200].map((waitMs) => guards.wait(waitMs));
    ask("a");
    ask("b");
    await turnPasses();
    guards.onConfirm = () => [
      { kind: "wait", turn: "t1+", waitMs: 1500 },
      { kind: "park", reason: "limited", delayMs: 3000 },
    ];
    desk.recheck();
    desk.recheck();
    await turnPasses();
    expect(guards.asked("confirm")).toEqual([["t1", "t2"]]);
    expect(outcomes).toEqual(["b refused"]);
    guards.onConfirm = (turns) => turns.map((turn) => ({ kind: "granted", turn, isProbe: false }));
    await vi.advanceTimersByTimeAsync(1499);
    expect(guards.asked("confirm")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(outcomes).toEqual(["b refused", "a t1+"]);
  });

  it.each(["acquire", "confirm"] as const)(
    "passes the store's fault of %s on, and gives nothing back",
    async (step) => {
      const { guards, ask, outcomes } = setUp();
      guards.onAcquire = () => [guards.wait(10)];
      const fault = () => Promise.reject(new WorkstreamError("store_unavailable", "away"));
      if (step === "acquire") guards.onAcquire = fault;
      else guards.onConfirm = fault;
      ask("a");
      await vi.advanceTimersByTimeAsync(20);
      expect(outcomes).toEqual(["a away"]);
      expect(guards.asked("cancel")).toEqual([]);
    },
  );

  it("ends every wait when it closes, and gives back what comes late", async () => {
    const { guards, desk, ask, outcomes } = setUp();
    guards.onAcquire = () => [guards.wait(10), guards.wait(500)];
    ask("a");
    ask("b");
    await turnPasses();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    guards.onAcquire = async () => {
      await answered;
      return [guards.granted()];
    };
    ask("late");
    await turnPasses();
    const end = desk.close(new Error("closed"));
    ask("later");
    answer();
    await turnPasses();
    await end;
    expect(outcomes.sort()).toEqual(["a closed", "b closed", "late closed", "later closed"]);
    expect(guards.asked("cancel").flat().sort()).toEqual(["t1", "t2", "t3"]);
    expect(guards.asked("confirm")).toEqual([]);
  });
});
