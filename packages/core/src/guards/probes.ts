import type { BreakerPolicy } from "../ports/guards.ts";
import type { BreakerRecord } from "./breaker.ts";

/** Probes are leases that lapse: a caller who died does not keep the place of the next one. */

export function hasFreeProbe(breaker: BreakerRecord, { probes }: BreakerPolicy, now: number): boolean {
  for (const [id, until] of Object.entries(breaker.probes)) if (until <= now) delete breaker.probes[id];
  return Object.keys(breaker.probes).length < probes;
}

/** Leases a probe, or renews the one of this id. Answers its id. */
export function leaseProbe(breaker: BreakerRecord, id: string | null, until: number): string {
  const probeId = id ?? String(++breaker.probesBegun);
  breaker.probes[probeId] = until;
  return probeId;
}

export function holdsProbe(breaker: BreakerRecord, id: string | null, now: number): boolean {
  return id !== null && (breaker.probes[id] ?? 0) > now;
}

export function endProbe(breaker: BreakerRecord, id: string | null): void {
  if (id !== null) delete breaker.probes[id];
}
