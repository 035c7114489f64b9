import { breakerStates, type ServiceDay, type ServiceGuardView, toBreakerWord } from "@workstream/core";
import type { createGauges } from "./prometheus-gauges.ts";

type Gauges = ReturnType<typeof createGauges>;
/** `today` null: no call yet. */
export type ServiceReading = { view: ServiceGuardView; today: ServiceDay | null };

/** Shows the services that were read, and nothing else. @param nowMs the store's time */
export function showServices(gauges: Gauges, readings: readonly ServiceReading[], nowMs: number): void {
  const { breakers, tokens, limits, held, callsToday, costToday } = gauges;
  for (const gauge of [breakers, tokens, limits, held, callsToday, costToday]) gauge.reset();
  for (const { view, today } of readings) {
    const { service, breaker, limiter } = view;
    for (const state of breakerStates)
      breakers.set({ service, state }, state === toBreakerWord(breaker.state) ? 1 : 0);
    callsToday.set({ service, outcome: "success" }, today?.successfulCalls ?? 0);
    callsToday.set({ service, outcome: "failure" }, today?.failedCalls ?? 0);
    costToday.set({ service }, today?.cost ?? 0);
    if (limiter === null) continue;
    tokens.set({ service }, limiter.tokens);
    limits.set({ service }, (limiter.limit.requests * 1000) / limiter.limit.intervalMs);
    held.set({ service }, Math.max(0, (limiter.holdUntil ?? 0) - nowMs) / 1000);
  }
}
