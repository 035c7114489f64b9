import type { BreakerState, CallRecord, GuardAnswer, ServiceGuards, TurnAnswer } from "@workstream/core";
import type { GuardStore } from "./guards.ts";

export type AskedStep = { step: "acquire" | "confirm" | "cancel"; items: readonly unknown[] };

export const closed: BreakerState = {
  state: "CLOSED",
  version: 1,
  failures: 0,
  successes: 0,
  closedAt: null,
};

type Answerer<Item> = (items: readonly Item[]) => TurnAnswer[] | Promise<TurnAnswer[]>;

/**
 * Answers as a test says and writes down what it was asked: for the order and the timing of the caller's side. What
 * stores really answer is tested on the stores.
 */
export class ScriptedGuards implements GuardStore {
  readonly steps: AskedStep[] = [];
  readonly recorded: CallRecord[][] = [];
  breaker: BreakerState = closed;
  onAcquire: Answerer<unknown> = (items) => items.map(() => this.granted());
  onConfirm: Answerer<string> = (turns) =>
    turns.map((turn) => ({ kind: "granted", turn, isProbe: false }) as const);
  onRecord: () => void | Promise<void> = () => {};
  listener: Parameters<ServiceGuards["subscribe"]>[0] | null = null;
  configured: string[] = [];
  #turns = 0;

  granted(): TurnAnswer {
    return { kind: "granted", turn: this.nextTurn(), isProbe: false };
  }

  wait(waitMs: number): TurnAnswer {
    return { kind: "wait", turn: this.nextTurn(), waitMs };
  }

  /** `t1`, `t2`, … */
  nextTurn(): string {
    this.#turns += 1;
    return `t${this.#turns}`;
  }

  asked(step: AskedStep["step"]): (readonly unknown[])[] {
    return this.steps.filter((each) => each.step === step).map(({ items }) => items);
  }

  async configure({ service }: { service: string }): Promise<void> {
    this.configured.push(service);
  }

  async acquire(_: unknown, requests: readonly unknown[]): Promise<GuardAnswer> {
    this.steps.push({ step: "acquire", items: requests });
    return { answers: await this.onAcquire(requests), breaker: this.breaker };
  }

  async confirm(_: unknown, turns: readonly string[]): Promise<GuardAnswer> {
    this.steps.push({ step: "confirm", items: turns });
    return { answers: await this.onConfirm(turns), breaker: this.breaker };
  }

  async cancel(_: unknown, turns: readonly string[]): Promise<void> {
    this.steps.push({ step: "cancel", items: turns });
  }

  async record(_: unknown, calls: readonly CallRecord[]): Promise<BreakerState> {
    await this.onRecord();
    this.recorded.push([...calls]);
    return this.breaker;
  }

  async subscribe(listener: NonNullable<ScriptedGuards["listener"]>): Promise<{ close(): Promise<void> }> {
    this.listener = listener;
    return { close: async () => {} };
  }
}
