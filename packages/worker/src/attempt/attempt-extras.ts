import type { Clock } from "../clock.ts";
import type { GuardedService } from "../definition/guarded-service.ts";
import { AttemptGuard } from "../guard/attempt-guard.ts";
import { AttemptService } from "../guard/attempt-service.ts";
import type { Guards } from "../guard/guards.ts";
import type { Logger } from "../logger.ts";
import type { AttemptStores } from "../store-with-deadlines.ts";
import type { Attempt } from "./attempt.ts";
import { AttemptSteps } from "./attempt-steps.ts";
import { OutputOutbox } from "./output-outbox.ts";
import { ResultFlights } from "./result-flights.ts";
import type { Around, Ending } from "./run-handler.ts";

type Parts = {
  workerId: string;
  stores: AttemptStores;
  guards: Guards;
  clock: Clock;
  logger: Logger;
};

/**
 * What attempts use beside their input and their result: services, steps, output, cached results. A type that
 * names neither services nor a cache pays for none of it, and whatever an attempt does not ask for is not made.
 */
export class AttemptExtras {
  readonly #parts: Parts;
  readonly #outbox: OutputOutbox;
  readonly #flights: ResultFlights;

  constructor(parts: Parts) {
    const { workerId, stores, clock, logger } = parts;
    this.#parts = parts;
    this.#outbox = new OutputOutbox({ outputs: stores.outputs, workerId, logger });
    this.#flights = new ResultFlights({ cache: stores.cache, clock, logger });
  }

  /** What stands between the input and the handler of this attempt; null: nothing. */
  around(attempt: Attempt): Around | null {
    const { cache, services } = attempt.definition;
    if (cache === null && services.length === 0) return null;
    return (input, run) => this.#flights.run(attempt, input, () => this.#runUnlessOut(attempt, run));
  }

  /** @throws TypeError for a service that the type does not name */
  service(attempt: Attempt, name: string): GuardedService {
    const service = this.#service(attempt, name);
    if (service) return service;
    const { type, services } = attempt.definition;
    const named = services.map((each) => `"${each.name}"`).join(", ") || "none";
    throw new TypeError(`Task type "${type}" does not name service "${name}"; it names ${named}.`);
  }

  step<T>(attempt: Attempt, name: string, run: () => Promise<T>): Promise<T> {
    const { steps } = this.#parts.stores;
    attempt.steps ??= new AttemptSteps(attempt, { ...this.#parts, steps });
    return attempt.steps.step(name, run);
  }

  write(attempt: Attempt, text: string): void {
    this.#outbox.write(attempt, text);
  }

  restartOutput(attempt: Attempt): void {
    this.#outbox.restart(attempt);
  }

  /** The attempt ends without its handler, which does not listen. */
  giveUp(attempt: Attempt): void {
    if (attempt.flight) void this.#flights.abandon(attempt);
  }

  /** Stops the timers. */
  stop(): void {
    this.#outbox.stop();
  }

  #service(attempt: Attempt, name: string): AttemptService | null {
    const isNamed = attempt.definition.services.some((service) => service.name === name);
    const guard = isNamed ? this.#parts.guards.get(name) : undefined;
    if (!guard) return null;
    const { clock } = this.#parts;
    attempt.guard ??= new AttemptGuard(attempt, clock);
    return new AttemptService({ attempt, attemptGuard: attempt.guard, guard, clock });
  }

  /** While a service that the handler needs lets nobody through, the handler does not run. */
  async #runUnlessOut(attempt: Attempt, run: () => Promise<Ending>): Promise<Ending> {
    if (attempt.definition.runsWithoutServices) return run();
    try {
      for (const { name } of attempt.definition.services) {
        const isOpen = this.#parts.guards.get(name)?.breaker.isOpenAt(Date.now());
        if (isOpen) await this.#service(attempt, name)?.assertNotOpen();
      }
    } catch (thrown) {
      return { kind: "threw", thrown };
    }
    return run();
  }
}
