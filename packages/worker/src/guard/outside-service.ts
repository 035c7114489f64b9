import type { BreakerState } from "@workstream/core";
import type { CallOptions, CallOutcome, GuardedService } from "../definition/guarded-service.ts";
import { type ServiceGuard, turnRequestOf } from "./service-guard.ts";
import { ServiceRefused } from "./service-refused.ts";
import { admissionOf } from "./turn-admission.ts";

/** A guarded service for callers outside of tasks: nothing is parked, so whoever is sent away is told so. */
export class OutsideService implements GuardedService {
  readonly #guard: ServiceGuard;

  constructor(guard: ServiceGuard) {
    this.#guard = guard;
  }

  get name(): string {
    return this.#guard.definition.name;
  }

  async call<T>(fn: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T> {
    const outcome = await this.tryCall(fn, options);
    if (outcome.kind === "answered") return outcome.value;
    if (outcome.kind === "failed") throw outcome.error;
    throw new ServiceRefused(this.name, outcome);
  }

  async tryCall<T>(
    fn: (signal: AbortSignal) => Promise<T>,
    options: CallOptions = {},
  ): Promise<CallOutcome<T>> {
    const signal = options.signal ?? new AbortController().signal;
    const ticket = this.#guard.ask(turnRequestOf(options, false));
    try {
      const admission = await admissionOf(this.#guard, ticket, signal);
      if (admission.kind === "granted") {
        return await this.#guard.make(fn, { place: admission.place, signal });
      }
      return { kind: "refused", reason: admission.reason, retryInMs: admission.delayMs };
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      return { kind: "failed", error, verdict: { outcome: "ignored" } };
    }
  }

  breaker(): BreakerState | null {
    return this.#guard.breaker.state;
  }
}
