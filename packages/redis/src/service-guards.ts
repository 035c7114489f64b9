/** Breaker and limiters of every service, each step one script whatever the batch (docs/guards.md). */
import { randomBytes } from "node:crypto";
import type {
  BreakerState,
  CallRecord,
  GuardAnswer,
  GuardPolicy,
  RateLimit,
  ServiceEvent,
  ServiceGuards,
  ServiceGuardView,
  Turn,
  TurnRequest,
} from "@workstream/core";
import { callFieldsOf, policyArgsOf, readAnswers, readBreaker, readGuardViews } from "./guard-replies.ts";
import { readServiceEvents } from "./service-events.ts";
import type { StoreLink } from "./store-link.ts";
import type { Subscriber } from "./subscriber.ts";

export class RedisGuards implements ServiceGuards {
  readonly #link: StoreLink;
  readonly #subscriber: Subscriber;

  constructor(link: StoreLink, subscriber: Subscriber) {
    this.#link = link;
    this.#subscriber = subscriber;
  }

  async configure(policy: GuardPolicy): Promise<void> {
    const keys = this.#keys(policy.service);
    await this.#link.scripts.run("configure-guard", { args: policyArgsOf(policy), keys });
  }

  async acquire(
    policy: GuardPolicy,
    requests: readonly TurnRequest[],
    maxWaitMs: number,
  ): Promise<GuardAnswer> {
    const [, breaker, answers] = await this.#link.scripts.run("acquire-turns", {
      args: { ...policyArgsOf(policy), maxWaitMs, nonce: nonce() },
      records: requests.map(({ cost, isReturning, tokens, isCold }) => ({
        cost,
        isReturning: isReturning ? 1 : 0,
        tokens,
        isCold: isCold ? 1 : 0,
      })),
      keys: this.#keys(policy.service),
    });
    return { answers: readAnswers(answers), breaker: readBreaker(breaker) };
  }

  async confirm(policy: GuardPolicy, turns: readonly Turn[], maxWaitMs: number): Promise<GuardAnswer> {
    const [, breaker, answers] = await this.#link.scripts.run("confirm-turns", {
      args: { ...policyArgsOf(policy), maxWaitMs, nonce: nonce() },
      records: turns.map((turn) => ({ turn })),
      keys: this.#keys(policy.service),
    });
    return { answers: readAnswers(answers), breaker: readBreaker(breaker) };
  }

  async cancel(policy: GuardPolicy, turns: readonly Turn[]): Promise<void> {
    if (turns.length === 0) return;
    await this.#link.scripts.run("cancel-turns", {
      args: policyArgsOf(policy),
      records: turns.map((turn) => ({ turn })),
      keys: this.#keys(policy.service),
    });
  }

  async record(policy: GuardPolicy, calls: readonly CallRecord[]): Promise<BreakerState> {
    const [, breaker] = await this.#link.scripts.run("record-calls", {
      args: policyArgsOf(policy),
      records: calls.map(callFieldsOf),
      keys: this.#keys(policy.service),
    });
    return readBreaker(breaker);
  }

  async read(service: string): Promise<ServiceGuardView | null> {
    const keys = this.#keys(service);
    const [, guards] = await this.#link.scripts.run("read-guards", { args: { service }, keys });
    return readGuardViews(guards)[0] ?? null;
  }

  async list(): Promise<ServiceGuardView[]> {
    const [, guards] = await this.#link.scripts.run("read-guards", { args: { service: "" } });
    return readGuardViews(guards);
  }

  async forceOpen(service: string): Promise<BreakerState> {
    const keys = this.#keys(service);
    const [, breaker] = await this.#link.scripts.run("force-open", { args: { service }, keys });
    return readBreaker(breaker);
  }

  async reset(service: string): Promise<BreakerState> {
    const keys = this.#keys(service);
    const [, breaker] = await this.#link.scripts.run("reset-breaker", { args: { service }, keys });
    return readBreaker(breaker);
  }

  async changeLimit(service: string, limit: RateLimit): Promise<void> {
    const keys = this.#keys(service);
    await this.#link.scripts.run("change-limit", { args: { service, ...limit }, keys });
  }

  async subscribe(listener: {
    onEvent(event: ServiceEvent): void;
    onGap(): void;
  }): Promise<{ close(): Promise<void> }> {
    const close = await this.#subscriber.subscribe(this.#link.keys.serviceUpdates, {
      onMessage(message) {
        for (const event of readServiceEvents(message)) listener.onEvent(event);
      },
      onGap: () => listener.onGap(),
    });
    return { close };
  }

  #keys(service: string): string[] {
    return Object.values(this.#link.keys.service(service));
  }
}

/** Makes the ids of this script's probes unlike any other's. */
function nonce(): string {
  return randomBytes(6).toString("hex");
}
