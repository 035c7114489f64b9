import { type BreakerState, type ClaimedTask, type TurnAnswer, WorkstreamError } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Attempt } from "../attempt/attempt.ts";
import { AttemptSteps } from "../attempt/attempt-steps.ts";
import { systemClock } from "../clock.ts";
import { defineService } from "../definition/define-service.ts";
import { defineTask } from "../definition/define-task.ts";
import type { CallVerdict } from "../definition/service-definition.ts";
import { verdictOf } from "../definition/verdict.ts";
import { silentLogger } from "../logger.ts";
import { AttemptGuard } from "./attempt-guard.ts";
import { AttemptService } from "./attempt-service.ts";
import { ScriptedGuards } from "./guards.fixture.ts";
import { ServiceGuard } from "./service-guard.ts";

const task: ClaimedTask = {
  ...{
    id: "t",
    token: "1",
    type: "ask",
    queue: "ask",
    lane: "normal",
    contentKind: "text",
    content: "",
    metadata: "{}",
  },
  ...{ attempt: 1, retryCount: 0, maxRetries: 3, timeoutMs: null, createdAt: 0, claimedAt: 0, ageMs: 0 },
  wasParked: false,
  freeFailures: 0,
};

type SetUp = {
  timeoutMs?: number;
  wasParked?: boolean;
  freeFailures?: number;
  classify?: () => CallVerdict;
};

function setUp({ timeoutMs = 60_000, wasParked = false, freeFailures = 0, classify }: SetUp = {}) {
  const guards = new ScriptedGuards();
  const text = z.string();
  const definition = defineTask({ type: "ask", input: text, output: text, timeoutMs, run: (input) => input });
  const attempt = new Attempt({ ...task, wasParked, freeFailures }, definition, systemClock.nowMs());
  const guard = new ServiceGuard(defineService({ name: "model", ...(classify && { classify }) }), {
    ...{ guards, clock: systemClock, logger: silentLogger },
  });
  attempt.guard = new AttemptGuard(attempt, systemClock);
  const service = new AttemptService({ attempt, attemptGuard: attempt.guard, guard, clock: systemClock });
  const outcomes: string[] = [];
  const calls: string[] = [];
  /** Calls, and writes down under `name` what came of it. */
  const call = (name: string, fn: (signal: AbortSignal) => Promise<unknown> = async () => name) => {
    const made = service.call((signal) => {
      calls.push(name);
      return fn(signal);
    });
    made.then(
      (value) => outcomes.push(`${name}: ${String(value)}`),
      (error: unknown) => outcomes.push(`${name}: ${saying(error)}`),
    );
  };
  return { guards, guard, attempt, service, outcomes, calls, call };
}

function saying(error: unknown): string {
  const verdict = verdictOf(error);
  if (verdict?.kind === "park") return "parked";
  if (verdict?.kind === "fail")
    return `${verdict.errorType} after ${Math.round((verdict.retryAfterMs ?? 0) / 1000)} s`;
  return error instanceof Error ? error.message : String(error);
}

const away =
  (delayMs: number, reason: "open" | "half_open" | "limited" = "limited") =>
  (): TurnAnswer[] => {
    return [{ kind: "park", reason, delayMs }];
  };
const passMs = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The store's first answer is granted, those after it are as told. */
async function afterOneCall(later: () => TurnAnswer[], options: Parameters<typeof setUp>[0] = {}) {
  const stage = setUp(options);
  stage.call("first");
  await passMs(1);
  stage.guards.onAcquire = later;
  return stage;
}

describe("AttemptService", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("parks an attempt whose first call is sent away, for as long as it was told", async () => {
    const { guards, attempt, outcomes, calls, call } = setUp();
    guards.onAcquire = away(4000);
    call("a");
    await passMs(1);
    expect(outcomes).toEqual(["a: parked"]);
    expect((attempt.parking?.dueAt ?? 0) - systemClock.nowMs()).toBeCloseTo(4000, -2);
    guards.onAcquire = () => [guards.granted()];
    call("b");
    await passMs(1);
    expect(outcomes).toEqual(["a: parked", "b: parked"]);
    expect(calls).toEqual([]);
    expect(guards.asked("acquire")).toHaveLength(1);
  });

  it("says that it was parked before", async () => {
    const { guards, call } = setUp({ wasParked: true });
    call("a");
    await passMs(1);
    expect(guards.asked("acquire")).toMatchObject([[{ cost: 1, tokens: 0, isReturning: true }]]);
  });

  it("takes the waits of a parked attempt along, and gives their turns back", async () => {
    const { guards, outcomes, calls, call } = setUp();
    guards.onAcquire = () => [guards.wait(100), { kind: "park", reason: "limited", delayMs: 4000 }];
    call("a");
    call("b");
    await passMs(1);
    await passMs(1);
    expect(outcomes.sort()).toEqual(["a: parked", "b: parked"]);
    expect(calls).toEqual([]);
    expect(guards.asked("cancel")).toEqual([["t1"]]);
  });

  it("makes a call wait that is sent away when another goes through in the same moment", async () => {
    const { guards, outcomes, attempt, call } = setUp();
    guards.onAcquire = () => [guards.granted(), { kind: "park", reason: "limited", delayMs: 4000 }];
    call("a");
    call("b");
    await passMs(1);
    expect(outcomes).toEqual(["a: a"]);
    guards.onAcquire = () => [guards.granted()];
    await passMs(4300);
    expect(outcomes).toEqual(["a: a", "b: b"]);
    expect(attempt.parking).toBeNull();
    expect(guards.asked("acquire").at(-1)).toMatchObject([{ isReturning: true }]);
  });

  it("parks when the call that was under way failed after all", async () => {
    const { guards, outcomes, call } = setUp();
    guards.onAcquire = () => [guards.granted(), { kind: "park", reason: "open", delayMs: 40_000 }];
    let fail = (_: Error) => {};
    call("a", () => new Promise((_, reject) => (fail = reject)));
    call("b");
    await passMs(100);
    expect(outcomes).toEqual([]);
    fail(new Error("502"));
    await passMs(1);
    expect(outcomes.sort()).toEqual(["a: 502", "b: parked"]);
  });

  it("asks no sooner than it was told, and again when it is sent away again", async () => {
    const { guards, outcomes, call } = await afterOneCall(away(3000));
    call("b");
    await passMs(2990);
    expect(guards.asked("acquire")).toHaveLength(2);
    await passMs(200);
    expect(guards.asked("acquire")).toHaveLength(3);
    expect(outcomes).toEqual(["first: first"]);
  });

  it.each([
    ["open", "ServiceUnavailable after 70 s"],
    ["half_open", "ServiceUnavailable after 70 s"],
    ["limited", "RateLimitError after 70 s"],
  ] as const)(
    "fails at once when it is sent away (%s) for longer than it may run",
    async (reason, outcome) => {
      const { outcomes, call } = await afterOneCall(away(67_000, reason));
      call("b");
      await passMs(1);
      const [, said = ""] = outcomes;
      expect(said.replace(/6\d|70/, "70")).toBe(`b: ${outcome}`);
    },
  );

  it("stops waiting when the attempt is aborted", async () => {
    const { attempt, outcomes, call } = await afterOneCall(away(30_000));
    call("b");
    await passMs(10);
    attempt.abort("drain");
    await passMs(1);
    expect(outcomes).toEqual(["first: first", "b: The attempt was aborted: drain."]);
  });

  it("asks again at once when the breaker has closed", async () => {
    const { guards, guard, outcomes, call } = await afterOneCall(away(30_000, "open"));
    call("b");
    await passMs(10);
    guards.onAcquire = () => [guards.granted()];
    const change = { type: "circuit_breaker_changed", service: "model", oldState: "OPEN" } as const;
    guard.note({ ...change, newState: "CLOSED", version: 7, retryAt: null, at: 0 });
    await passMs(1);
    expect(outcomes).toEqual(["first: first", "b: b"]);
  });

  it("parks again once what was paid for is remembered", async () => {
    const { attempt, outcomes, call } = await afterOneCall(away(30_000, "open"), { freeFailures: 5 });
    attempt.steps = new AttemptSteps(attempt, {
      ...{ workerId: "w", logger: silentLogger },
      steps: { read: async () => new Map(), write: async () => "written", forget: async () => {} },
    });
    call("b");
    await passMs(10);
    expect(outcomes).toEqual(["first: first"]);
    await attempt.steps.step("page 1", async () => "done");
    await passMs(1);
    expect(outcomes).toEqual(["first: first", "b: parked"]);
    // The call that went through ended the row of failures before it.
    expect(attempt.parking?.parkedFor).toMatchObject({ name: "model", freeFailures: 0 });
  });

  it("answers a value to tryCall, and parks nothing", async () => {
    const { guards, service, attempt } = setUp();
    guards.onAcquire = away(4000, "open");
    const tried = service.tryCall(async () => "x");
    await passMs(1);
    expect(await tried).toEqual({ kind: "refused", reason: "open", retryInMs: 4000 });
    expect(attempt.parking).toBeNull();
    guards.onAcquire = () => [guards.granted()];
    const failed = service.tryCall(() => Promise.reject(new Error("502")));
    await passMs(1);
    expect(await failed).toMatchObject({ kind: "failed", verdict: { outcome: "failure" } });
  });

  it("gives the turn back when the call's own signal is aborted before it comes", async () => {
    const { guards, service, calls } = setUp();
    guards.onAcquire = () => [guards.wait(500)];
    const own = new AbortController();
    const tried = service.tryCall(async () => calls.push("a"), { signal: own.signal });
    await passMs(1);
    own.abort(new Error("enough"));
    await passMs(1);
    expect(await tried).toMatchObject({ kind: "failed", verdict: { outcome: "ignored" } });
    expect(guards.asked("cancel")).toEqual([["t1"]]);
    expect(calls).toEqual([]);
  });

  it("runs the handler where the store lets it through, and keeps no turn for it", async () => {
    const { guards, guard, service } = setUp();
    guard.breaker.note(openBreaker);
    guards.onAcquire = () => [guards.granted()];
    const asked = service.assertNotOpen();
    await passMs(1);
    await asked;
    await passMs(1);
    expect(guards.asked("cancel")).toEqual([["t1"]]);
  });

  it.each(["OPEN", "HALF_OPEN"] as const)(
    "is parked, not failed, by a call that fails while the breaker is %s",
    async (state) => {
      const { guards, guard, call, outcomes } = setUp();
      const down = {
        ...guards.breaker,
        version: 2,
        openedAt: 0,
        retryAt: 0,
        probes: 1,
        state,
      } as BreakerState;
      guards.onAcquire = () => [guards.granted()];
      call("a", async () => {
        guards.breaker = down;
        guard.breaker.note(down);
        guards.onAcquire = away(9_000, "open");
        throw new Error("503");
      });
      await vi.advanceTimersByTimeAsync(10);
      expect(outcomes).toEqual(["a: parked"]);
      expect(guards.recorded.flat()).toMatchObject([{ outcome: "failure" }]);
    },
  );

  it("ends with its attempt while the store does not take the record of a call of an outage", async () => {
    const { guards, guard, attempt, call, outcomes } = setUp();
    const down = { ...guards.breaker, state: "OPEN", version: 2, openedAt: 0, retryAt: 0 } as BreakerState;
    guards.onRecord = () => new Promise(() => {});
    call("a", async () => {
      guard.breaker.note(down);
      throw new Error("503");
    });
    await passMs(10);
    expect(outcomes).toEqual([]);
    attempt.abort("timeout");
    await passMs(1);
    expect(outcomes).toEqual([`a: ${attempt.signal.reason.message}`]);
    expect(guards.asked("acquire")).toHaveLength(1);
  });

  it("fails by a call that fails before the breaker opens", async () => {
    const { guards, call, outcomes } = setUp();
    guards.onAcquire = () => [guards.granted()];
    call("a", async () => {
      throw new Error("503");
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(outcomes).toEqual(["a: 503"]);
  });

  it.each([
    ["waits for the end of a hold, with no attempt used up", false, ["a: parked"]],
    ["fails when it was parked before and is told to wait again", true, ["a: 429"]],
  ])("%s", async (_, wasParked, expected) => {
    const hold = { outcome: "ignored", holdMs: 5_000 } as const;
    const { guards, call, outcomes } = setUp({ wasParked, classify: () => hold });
    guards.onAcquire = () => [guards.granted()];
    call("a", async () => {
      guards.onAcquire = away(5_000, "limited");
      throw new Error("429");
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(outcomes).toEqual(expected);
  });

  it("forgives a few probes in a row, over all attempts; then each uses up one", async () => {
    const halfOpen: BreakerState = {
      ...{ state: "HALF_OPEN", version: 2, failures: 0, successes: 0, openedAt: 0, probes: 1 },
    };
    const probe = async (freeFailures: number) => {
      const { guards, guard, attempt, call, outcomes } = setUp({ freeFailures });
      guards.onAcquire = () => [guards.granted()];
      guards.breaker = halfOpen;
      call("a", async () => {
        guards.onAcquire = away(9_000, "half_open");
        throw new Error("500");
      });
      await vi.advanceTimersByTimeAsync(10);
      expect(guard.breaker.state?.state).toBe("HALF_OPEN");
      return [...outcomes, attempt.parking?.parkedFor?.freeFailures];
    };
    expect(await probe(0)).toEqual(["a: parked", 1]);
    expect(await probe(4)).toEqual(["a: parked", 5]);
    expect(await probe(5)).toEqual(["a: 500", undefined]);
  });

  describe("when the store does not answer", () => {
    const unanswered = () => Promise.reject(new WorkstreamError("store_unavailable", "Redis is away."));

    it("parks an attempt that has made no call, whether it asked or waited", async () => {
      for (const step of ["onAcquire", "onConfirm"] as const) {
        const { guards, call, calls, outcomes, attempt } = setUp();
        guards.onAcquire = () => [guards.wait(20)];
        guards[step] = unanswered;
        call("a");
        await passMs(50);
        expect([step, outcomes, calls]).toEqual([step, ["a: parked"], []]);
        expect(attempt.parking?.parkedFor?.why).toBe(
          'Service "model" was not called, the store that gives turns did not answer.',
        );
      }
    });

    it("lets one that has made a call wait for it", async () => {
      const { guards, call, outcomes } = await afterOneCall(unanswered as never);
      call("b");
      await passMs(500);
      guards.onAcquire = () => [guards.granted()];
      await passMs(3_000);
      expect(outcomes).toEqual(["first: first", "b: b"]);
    });

    it("parks before the handler runs", async () => {
      const { guards, guard, service } = setUp();
      guard.breaker.note(openBreaker);
      guards.onAcquire = unanswered;
      const asked = service.assertNotOpen().catch(saying);
      await passMs(1);
      expect(await asked).toBe("parked");
    });
  });
});

const openBreaker: BreakerState = {
  ...{ state: "OPEN", version: 3, failures: 9, successes: 0, openedAt: 0, retryAt: null },
};
