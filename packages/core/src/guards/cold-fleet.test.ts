/**
 * A fleet of fresh processes under full load, on a clock of its own: timers are late, those that were parked come back up
 * to a second late, and what a process calls before it has woken up, in its first 0.4 s, reaches the service at once when
 * it has. The service must never see more than the limit, and what the limit allows must be used.
 */
import { describe, expect, it } from "vitest";
import type { RateLimit, TurnAnswer } from "../ports/guards.ts";
import { GuardStage } from "./guard-stage.fixture.ts";

const processes = 8;
const slotsEach = 20;
const seconds = 30;
const coldMs = 2_000;
const wakingMs = 400;

/** When the calls of `seconds` reach the service. */
function arrivals(limit: RateLimit): number[] {
  const stage = new GuardStage({ limit });
  const startAt = stage.now;
  const endAt = startAt + seconds * 1_000;
  const late = randomUpTo();
  const timers: { at: number; run(): void }[] = [];
  const after = (ms: number, run: () => void) => timers.push({ at: stage.now + ms, run });
  const reached: number[] = [];
  const awakeAt = new Map<number, number>();

  const isCold = () => stage.now < startAt + coldMs;
  const call = (by: number) => {
    awakeAt.set(by, awakeAt.get(by) ?? stage.now + wakingMs);
    reached.push(Math.max(stage.now + late(10), awakeAt.get(by) ?? 0));
    after(50 + late(10), () => ask(by, false));
  };
  const take = (by: number, answer: TurnAnswer): void => {
    if (answer.kind === "granted") call(by);
    if (answer.kind === "wait") after(answer.waitMs + late(25), () => take(by, stage.confirm(answer.turn)));
    if (answer.kind === "park") after(answer.delayMs + late(1_000), () => ask(by, true));
  };
  const ask = (by: number, isReturning: boolean) =>
    take(by, stage.acquire({ isReturning, isCold: isCold() }, 2_000));

  for (let slot = 0; slot < processes * slotsEach; slot++)
    after(late(20), () => ask(slot % processes, false));
  while (stage.now < endAt) {
    timers.sort((a, b) => b.at - a.at);
    const next = timers.pop();
    if (!next) break;
    stage.now = Math.max(stage.now, Math.ceil(next.at));
    next.run();
  }
  return reached.filter((at) => at < endAt).sort((a, b) => a - b);
}

/** The same in every run. */
function randomUpTo(): (bound: number) => number {
  let seed = 7;
  return (bound) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647) * bound;
  };
}

function worstExcess(calls: readonly number[], { requests, intervalMs }: RateLimit): number {
  let [worst, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [index, at] of calls.entries()) {
    const allowed = (at * requests) / intervalMs;
    lowest = Math.min(lowest, index - allowed);
    worst = Math.max(worst, index + 1 - allowed - lowest - requests);
  }
  return worst;
}

describe("a cold fleet under full load", () => {
  it.each<RateLimit>([
    { requests: 20, intervalMs: 1_000 },
    { requests: 50, intervalMs: 1_000 },
    { requests: 60, intervalMs: 2_000 },
    { requests: 230, intervalMs: 10_000 },
  ])("stays within $requests per $intervalMs ms, and uses it", (limit) => {
    const calls = arrivals(limit);
    expect(worstExcess(calls, limit)).toBeLessThanOrEqual(0);
    expect(calls.length / ((limit.requests * seconds * 1_000) / limit.intervalMs)).toBeGreaterThan(0.98);
  });
});
