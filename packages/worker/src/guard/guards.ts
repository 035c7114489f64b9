import type { ServiceEvent, ServiceGuards } from "@workstream/core";
import type { Clock } from "../clock.ts";
import type { ServiceDefinition } from "../definition/service-definition.ts";
import type { Logger } from "../logger.ts";
import type { Service } from "../services/service-loop.ts";
import { logServiceEvent } from "./log-service-event.ts";
import { ServiceGuard } from "./service-guard.ts";

export type GuardStore = Pick<
  ServiceGuards,
  "configure" | "acquire" | "confirm" | "cancel" | "record" | "subscribe"
>;

type Parts = { guards: GuardStore; clock: Clock; logger: Logger };

const day = 24 * 3_600_000;

/**
 * The guarded services of one process.
 *
 * As a background service it sees to it that each is configured once, and that changes are heard. Until that works
 * calls go on: a policy goes with every step, and what push would have told comes with the answers.
 */
export class Guards implements Service<void> {
  readonly name = "service guards";
  readonly maxBackoffMs = 5000;
  readonly #parts: Parts;
  readonly #byName = new Map<string, ServiceGuard>();
  readonly #unconfigured = new Set<ServiceDefinition>();
  #subscription: { close(): Promise<void> } | null = null;

  constructor(parts: Parts, definitions: readonly ServiceDefinition[]) {
    this.#parts = parts;
    for (const definition of definitions) this.add(definition);
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  get(name: string): ServiceGuard | undefined {
    return this.#byName.get(name);
  }

  add(definition: ServiceDefinition): ServiceGuard {
    const guard = new ServiceGuard(definition, this.#parts);
    this.#byName.set(definition.name, guard);
    this.#unconfigured.add(definition);
    return guard;
  }

  async runOnce(): Promise<void> {
    for (const definition of this.#unconfigured) {
      await this.#parts.guards.configure(definition.policy);
      this.#unconfigured.delete(definition);
    }
    this.#subscription ??= await this.#parts.guards.subscribe({
      onEvent: (event) => this.#note(event),
      onGap: () => {
        for (const { breaker } of this.#byName.values()) breaker.forget();
      },
    });
  }

  /** Once done there is nothing left to do; the adapter keeps the subscription. */
  delayMs(): number {
    return day;
  }

  /** Ends all waits with `reason`, gives their turns back and sees the last records through. */
  async close(reason: Error): Promise<void> {
    const guards = [...this.#byName.values()];
    await Promise.all(guards.map((guard) => guard.close(reason)));
    await this.#subscription?.close();
    this.#subscription = null;
  }

  #note(event: ServiceEvent): void {
    const guard = this.#byName.get(event.service);
    if (!guard) return;
    logServiceEvent(this.#parts.logger, event);
    guard.note(event);
  }
}
