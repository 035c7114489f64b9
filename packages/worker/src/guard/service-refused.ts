import type { RefusalReason } from "../definition/guarded-service.ts";

const refusedBrand: unique symbol = Symbol.for("workstream.service-refused");

/** A call that can't park a task was not made: the breaker is open, or its turn would come too late. */
export class ServiceRefused extends Error {
  readonly [refusedBrand] = true;
  override readonly name = "ServiceRefused";
  readonly service: string;
  readonly reason: RefusalReason;
  /** When it is worth trying again, ms. */
  readonly retryInMs: number;

  constructor(service: string, { reason, retryInMs }: { reason: RefusalReason; retryInMs: number }) {
    const why = reason === "limited" ? "its limit is reached" : "its circuit breaker is open";
    super(`Service "${service}" was not called: ${why}. Try again in ${Math.ceil(retryInMs)} ms.`);
    this.service = service;
    this.reason = reason;
    this.retryInMs = retryInMs;
  }
}

/** By brand, so that one thrown by another copy of this package is recognized. */
export function isServiceRefused(error: unknown): error is ServiceRefused {
  return typeof error === "object" && error !== null && Reflect.get(error, refusedBrand) === true;
}
