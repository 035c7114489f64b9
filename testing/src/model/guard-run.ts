/** One life of a service, the same on every store; what they answer is laid side by side after each step. */
import type {
  CallRecord,
  GuardAnswer,
  GuardPolicy,
  ServiceGuardView,
  Stores,
  TurnAnswer,
} from "@workstream/core";
import { expect } from "vitest";
import type { TestClock } from "../test-clock.ts";
import type { GuardOperation } from "./guard-operation.ts";

const thresholds = { warning: 10, critical: 5 };
/** Waits are whole ms, rounded up from fractions. */
const waitToleranceMs = 1;
const foreignTurn = "not a turn";

/** How often each kind of answer came. */
export type GuardCoverage = Map<string, number>;

export type GuardSide = { name: string; stores: Stores };

export class GuardRun {
  readonly #sides: readonly GuardSide[];
  readonly #clock: TestClock;
  readonly #policy: GuardPolicy;
  readonly #coverage: GuardCoverage;
  /** Newest first; each as the sides gave it. */
  #turns: string[][] = [];

  constructor(sides: readonly GuardSide[], clock: TestClock, policy: GuardPolicy, coverage: GuardCoverage) {
    this.#sides = sides;
    this.#clock = clock;
    this.#policy = policy;
    this.#coverage = coverage;
  }

  /** Begins as a process does, by configuring the service. */
  async all(operations: readonly GuardOperation[]): Promise<void> {
    await this.#same("the start", ({ guards }) => guards.configure(this.#policy));
    for (const [index, operation] of operations.entries()) {
      const step = `step ${index + 1}, ${JSON.stringify(operation)}`;
      await this.#perform(operation, step);
      await this.#expectSameViews(step);
    }
    await this.#expectSameRecords();
  }

  async #perform(operation: GuardOperation, step: string): Promise<void> {
    const policy = this.#policy;
    const { service } = policy;
    switch (operation.do) {
      case "pass":
        this.#clock.advance(operation.ms);
        break;
      case "acquire":
        return this.#take(step, ({ guards }) =>
          guards.acquire(policy, operation.requests, operation.maxWaitMs),
        );
      case "confirm": {
        const turns = this.#pick(operation.which);
        return this.#take(step, ({ guards }, side) =>
          guards.confirm(policy, turns[side] ?? [], operation.maxWaitMs),
        );
      }
      case "cancel": {
        const turns = this.#pick(operation.which);
        return this.#same(step, ({ guards }, side) => guards.cancel(policy, turns[side] ?? []));
      }
      case "record":
        return this.#record(operation.calls, step);
      case "configure":
        return this.#same(step, ({ guards }) => guards.configure({ ...policy, limit: operation.limit }));
      case "withdrawLimit":
        return this.#same(step, ({ guards }) => guards.configure({ ...policy, limit: null }));
      case "changeLimit":
        return this.#same(step, ({ guards }) => guards.changeLimit(service, operation.limit));
      case "forceOpen":
        return this.#same(step, ({ guards }) => guards.forceOpen(service));
      case "reset":
        return this.#same(step, ({ guards }) => guards.reset(service));
      case "reopen":
        await this.#same(step, ({ guards }) => guards.forceOpen(service));
        return this.#same(step, ({ guards }) => guards.reset(service));
      case "check": {
        const { state, balance, usageMonth, errorDetails } = operation;
        const check = { state, message: "", errorDetails, balance, usageToday: null, usageMonth };
        return this.#same(step, ({ services }) => services.writeCheck(service, check, thresholds));
      }
    }
  }

  async #record(calls: { which: number; call: Omit<CallRecord, "turn"> }[], step: string): Promise<void> {
    const turns = this.#pick(calls.map(({ which }) => which));
    await this.#same(step, ({ guards }, side) =>
      guards.record(
        this.#policy,
        calls.map(({ call }, index) => ({ ...call, turn: turns[side]?.[index] ?? foreignTurn })),
      ),
    );
  }

  /** Lets every side answer with turns, and keeps these. */
  async #take(step: string, ask: (stores: Stores, side: number) => Promise<GuardAnswer>): Promise<void> {
    const replies = await Promise.all(this.#sides.map(({ stores }, side) => ask(stores, side)));
    const [first, ...others] = replies;
    if (first === undefined) return;
    for (const other of others) {
      expect(other.breaker, step).toEqual(first.breaker);
      expect(other.answers.length, step).toBe(first.answers.length);
      for (const [index, answer] of first.answers.entries()) {
        expectSameAnswer(other.answers[index], answer, step);
      }
    }
    for (const [index, answer] of first.answers.entries()) {
      this.#count(answer.kind === "park" ? `park ${answer.reason}` : answer.kind);
      this.#keep(replies.map(({ answers }) => turnIn(answers[index])));
    }
    this.#count(first.breaker.state);
  }

  async #same<T>(step: string, ask: (stores: Stores, side: number) => Promise<T>): Promise<void> {
    const [first, ...others] = await Promise.all(this.#sides.map(({ stores }, side) => ask(stores, side)));
    for (const other of others) expect(other, step).toEqual(first);
  }

  async #expectSameViews(step: string): Promise<void> {
    const { service } = this.#policy;
    const views = await Promise.all(this.#sides.map(({ stores }) => stores.guards.read(service)));
    const [first, ...others] = views.map(withRoundedTokens);
    for (const other of others) expect(other, step).toEqual(first);
  }

  async #expectSameRecords(): Promise<void> {
    const { service } = this.#policy;
    await this.#same("the state", ({ services }) => services.readState(service));
    await this.#same("the metrics", ({ services }) => services.metrics(service, 30));
    await this.#same("the credits", ({ services }) => services.creditsHistory(service));
  }

  #pick(which: readonly number[]): string[][] {
    const picked = which.map((back) => this.#turns[back] ?? this.#sides.map(() => foreignTurn));
    return this.#sides.map((_, side) => picked.map((turns) => turns[side] ?? foreignTurn));
  }

  #keep(turns: string[]): void {
    if (turns.every((turn) => turn !== "")) this.#turns.unshift(turns);
  }

  #count(what: string): void {
    this.#coverage.set(what, (this.#coverage.get(what) ?? 0) + 1);
  }
}

function expectSameAnswer(actual: TurnAnswer | undefined, expected: TurnAnswer, step: string): void {
  expect({ ...actual, ...blank }, step).toEqual({ ...expected, ...blank });
  expect(Math.abs(delayIn(actual) - delayIn(expected)), step).toBeLessThanOrEqual(waitToleranceMs);
}
const blank = { turn: "", waitMs: 0, delayMs: 0 };

function turnIn(answer: TurnAnswer | undefined): string {
  return answer === undefined || answer.kind === "park" ? "" : answer.turn;
}

function delayIn(answer: TurnAnswer | undefined): number {
  if (answer?.kind === "wait") return answer.waitMs;
  return answer?.kind === "park" ? answer.delayMs : 0;
}

/** Fractions of a ms may differ in their last digits. */
function withRoundedTokens(view: ServiceGuardView | null): unknown {
  if (!view?.limiter) return view;
  const { tokens, waitMs, holdUntil, ...limits } = view.limiter;
  const rounded = { tokens: Math.round(tokens * 100), waitMs: Math.round(waitMs / 10) };
  return { ...view, limiter: { ...limits, holdUntil: holdUntil && Math.round(holdUntil), ...rounded } };
}
