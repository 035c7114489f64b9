import type {
  BreakerPolicy,
  BreakerState,
  CallRecord,
  GuardPolicy,
  LimiterView,
  RateLimit,
  ServiceEvent,
  ServiceGuards,
  Turn,
  TurnAnswer,
  TurnRequest,
} from "@workstream/core";
import type { OpenedStores } from "./store-source.ts";
import { until } from "./until.ts";

/** 10 a second: a turn each 100 ms, of which 5.5 may be saved up. */
export const tenASecond: RateLimit = { requests: 10, intervalMs: 1_000 };
/** 100 tokens a second. */
export const tokensASecond: RateLimit = { requests: 1_000, intervalMs: 10_000 };

export type PolicyOverrides = Omit<Partial<GuardPolicy>, "breaker"> & { breaker?: Partial<BreakerPolicy> };

/** Opens at half of 4 calls, for 30 s, and closes with 2 probes. */
export function guardPolicy(overrides: PolicyOverrides = {}): GuardPolicy {
  const breaker: BreakerPolicy = {
    failureThreshold: 0.5,
    volumeThreshold: 4,
    windowMs: 60_000,
    openMs: 30_000,
    probes: 2,
    probeMs: 20_000,
    rampMs: 10_000,
    ...overrides.breaker,
  };
  return { service: "llm", limit: tenASecond, tokenLimit: null, ...overrides, breaker };
}

export const plainCall: Omit<CallRecord, "turn" | "outcome"> = {
  holdMs: null,
  learnedLimit: null,
  tokensUsed: null,
  serviceState: null,
  message: "",
  promptTokens: 0,
  completionTokens: 0,
  cost: 0,
};

/** Says in few words what tests do to the guards of one service. */
export class GuardDriver {
  readonly guards: ServiceGuards;
  readonly clock: OpenedStores["clock"];
  readonly policy: GuardPolicy;

  constructor({ stores, clock }: Pick<OpenedStores, "stores" | "clock">, policy = guardPolicy()) {
    this.guards = stores.guards;
    this.clock = clock;
    this.policy = policy;
  }

  async acquireAll(requests: readonly Partial<TurnRequest>[], maxWaitMs = 2_000): Promise<TurnAnswer[]> {
    const whole = requests.map((request) => ({ cost: 1, isReturning: false, tokens: 0, ...request }));
    const { answers } = await this.guards.acquire(this.policy, whole, maxWaitMs);
    return answers;
  }

  async acquire(request: Partial<TurnRequest> = {}, maxWaitMs = 2_000): Promise<TurnAnswer> {
    const [answer] = await this.acquireAll([request], maxWaitMs);
    if (answer === undefined) throw new Error("acquire answered nothing.");
    return answer;
  }

  /** A turn that was granted or waits. */
  async turn(request: Partial<TurnRequest> = {}): Promise<Turn> {
    return turnOf(await this.acquire(request));
  }

  /** Uses up what was saved up under `tenASecond`. */
  async drain(): Promise<void> {
    const answers = await this.acquireAll(Array.from({ length: 5 }, () => ({})));
    if (answers.some(({ kind }) => kind !== "granted")) throw new Error("There was not so much saved up.");
  }

  async confirm(turn: Turn, maxWaitMs = 2_000): Promise<TurnAnswer> {
    const { answers } = await this.guards.confirm(this.policy, [turn], maxWaitMs);
    const [answer] = answers;
    if (answer === undefined || answers.length !== 1) throw new Error("confirm answered another number.");
    return answer;
  }

  async cancel(...turns: Turn[]): Promise<void> {
    await this.guards.cancel(this.policy, turns);
  }

  record(turn: Turn, outcome: CallRecord["outcome"], more: Partial<CallRecord> = {}): Promise<BreakerState> {
    return this.guards.record(this.policy, [{ ...plainCall, turn, outcome, ...more }]);
  }

  /** Makes a call that ends so, at once. */
  async call(outcome: CallRecord["outcome"], more: Partial<CallRecord> = {}): Promise<BreakerState> {
    return this.record(await this.turn(), outcome, more);
  }

  /** Makes calls that end so, one after another. */
  async calls(...outcomes: CallRecord["outcome"][]): Promise<BreakerState> {
    let state: BreakerState | null = null;
    for (const outcome of outcomes) state = await this.call(outcome);
    if (state === null) throw new Error("No call was made.");
    return state;
  }

  async breaker(): Promise<BreakerState> {
    const view = await this.guards.read(this.policy.service);
    if (view === null) throw new Error("Nobody has used the service yet.");
    return view.breaker;
  }

  async limiter(): Promise<LimiterView> {
    const view = await this.guards.read(this.policy.service);
    if (!view?.limiter) throw new Error("The service has no limit.");
    return view.limiter;
  }
}

export function turnOf(answer: TurnAnswer): Turn {
  if (answer.kind === "park") throw new Error(`The call was parked: ${answer.reason}.`);
  return answer.turn;
}

/** "granted", "probe", "wait 100", "park limited 2100" */
export function said(answer: TurnAnswer): string {
  if (answer.kind === "granted") return answer.isProbe ? "probe" : "granted";
  return answer.kind === "wait" ? `wait ${answer.waitMs}` : `park ${answer.reason} ${answer.delayMs}`;
}

/** Collects what the guards tell; `settled` waits until all that came before was told. */
export class ServiceListener {
  readonly events: ServiceEvent[] = [];
  #guards: ServiceGuards;
  #barriers = 0;

  constructor(guards: ServiceGuards) {
    this.#guards = guards;
  }

  static async on(guards: ServiceGuards): Promise<ServiceListener> {
    const listener = new ServiceListener(guards);
    await guards.subscribe({ onEvent: (event) => listener.events.push(event), onGap: () => {} });
    return listener;
  }

  /** The events of services other than the barriers, and forgets them. */
  async settled(): Promise<ServiceEvent[]> {
    const service = `barrier-${++this.#barriers}`;
    await this.#guards.changeLimit(service, tenASecond);
    await until("the service events", () => this.events.some((event) => event.service === service));
    return this.events.splice(0).filter((event) => !event.service.startsWith("barrier-"));
  }
}
