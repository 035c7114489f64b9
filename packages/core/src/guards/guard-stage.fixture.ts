import type {
  BreakerPolicy,
  BreakerState,
  CallRecord,
  GuardPolicy,
  RateLimit,
  ServiceEvent,
  Turn,
  TurnAnswer,
  TurnRequest,
} from "../ports/guards.ts";
import { acquireTurns } from "./acquire-turns.ts";
import { breakerStateOf } from "./breaker.ts";
import { cancelTurns, confirmTurns } from "./confirm-turns.ts";
import { freshGuard, guardView } from "./guard-state.ts";
import { changeGuardLimit, configureGuard, forceGuardOpen, resetGuard } from "./operate-guard.ts";
import { recordCalls } from "./record-calls.ts";

export const breakerPolicy: BreakerPolicy = {
  failureThreshold: 0.5,
  volumeThreshold: 4,
  windowMs: 60_000,
  openMs: 30_000,
  probes: 2,
  probeMs: 20_000,
  rampMs: 10_000,
};

/** 10 a second: a turn each 100 ms, of which 5.5 may be saved up. */
export const tenASecond: RateLimit = { requests: 10, intervalMs: 1_000 };

type StageOptions = {
  limit?: RateLimit | null;
  tokenLimit?: RateLimit | null;
  breaker?: Partial<BreakerPolicy>;
};

/** The guards of one service on a clock that the test moves. */
export class GuardStage {
  now = 1_000_000_000_000;
  readonly guard = freshGuard();
  readonly events: ServiceEvent[] = [];
  readonly policy: GuardPolicy;

  constructor({ limit = tenASecond, tokenLimit = null, breaker = {} }: StageOptions = {}) {
    this.policy = { service: "llm", limit, tokenLimit, breaker: { ...breakerPolicy, ...breaker } };
  }

  get #step() {
    return { policy: this.policy, service: this.policy.service, now: this.now, events: this.events };
  }

  acquireAll(requests: readonly Partial<TurnRequest>[], maxWaitMs = 2_000): TurnAnswer[] {
    const whole = requests.map((request) => ({ cost: 1, isReturning: false, tokens: 0, ...request }));
    return acquireTurns(this.guard, { requests: whole, maxWaitMs }, this.#step);
  }

  acquire(request: Partial<TurnRequest> = {}, maxWaitMs = 2_000): TurnAnswer {
    return this.acquireAll([request], maxWaitMs)[0] as TurnAnswer;
  }

  /** Uses up all that was saved. Answers how many calls that were. */
  drain(): number {
    let count = 0;
    for (let answer = this.acquire({}, 0); answer.kind === "granted"; answer = this.acquire({}, 0))
      count += 1;
    this.guard.limiter.parkAt = 0;
    return count;
  }

  confirm(turn: Turn, maxWaitMs = 2_000): TurnAnswer {
    return confirmTurns(this.guard, { turns: [turn], maxWaitMs }, this.#step)[0] as TurnAnswer;
  }

  cancel(...turns: Turn[]): void {
    cancelTurns(this.guard, turns);
  }

  record(turn: Turn, outcome: CallRecord["outcome"], more: Partial<CallRecord> = {}): BreakerState {
    recordCalls(this.guard, [{ ...plainRecord, turn, outcome, ...more }], this.#step);
    return this.breaker;
  }

  /** Makes one call that ends so, at once. */
  call(outcome: CallRecord["outcome"], more: Partial<CallRecord> = {}): BreakerState {
    return this.record(turnOf(this.acquire()), outcome, more);
  }

  calls(count: number, outcome: CallRecord["outcome"]): BreakerState {
    for (let made = 0; made < count; made++) this.call(outcome);
    return this.breaker;
  }

  configure(limit: RateLimit | null): void {
    configureGuard(this.guard, { ...this.policy, limit }, this.#step);
  }

  changeLimit(limit: RateLimit): void {
    changeGuardLimit(this.guard, limit, this.#step);
  }

  forceOpen(): BreakerState {
    forceGuardOpen(this.guard, this.#step);
    return this.breaker;
  }

  reset(): BreakerState {
    resetGuard(this.guard, this.#step);
    return this.breaker;
  }

  get breaker(): BreakerState {
    return breakerStateOf(this.guard.breaker, this.now);
  }

  get limiter() {
    return guardView("llm", this.guard, this.now).limiter;
  }

  eventsOf(type: ServiceEvent["type"]): ServiceEvent[] {
    return this.events.filter((event) => event.type === type);
  }
}

const plainRecord: Omit<CallRecord, "turn" | "outcome"> = {
  holdMs: null,
  learnedLimit: null,
  tokensUsed: null,
  serviceState: null,
  message: "",
  promptTokens: 0,
  completionTokens: 0,
  cost: 0,
};

export function turnOf(answer: TurnAnswer): Turn {
  if (answer.kind === "park") throw new Error(`The call was parked: ${answer.reason}.`);
  return answer.turn;
}

/** "granted", "wait 100", "park limited 2100" */
export function said(answer: TurnAnswer): string {
  if (answer.kind === "granted") return answer.isProbe ? "probe" : "granted";
  return answer.kind === "wait" ? `wait ${answer.waitMs}` : `park ${answer.reason} ${answer.delayMs}`;
}
