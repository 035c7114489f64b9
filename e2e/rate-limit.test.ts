/**
 * Eight worker processes against one bucket, under full load: never exceeded by the service's own clock, and used. Once
 * 230 calls per 10 s with warm processes, once 20 a second with fresh ones, whose first calls are late. LOAD_SECONDS of the
 * first is 15 unless told; docs/guards.md reports 60.
 */
import type { RateLimit } from "@workstream/core";
import { afterEach, expect, it } from "vitest";
import { type Call, callsBySecond, GuardedFleet } from "./guarded-fleet.ts";
import { ScriptCounter } from "./script-counter.ts";

const loadSeconds = Number(process.env.LOAD_SECONDS ?? 15);
let fleet: GuardedFleet;
let counter: ScriptCounter | null = null;

afterEach(async () => {
  counter?.close();
  await fleet.close();
});

it("keeps eight processes inside the limit, and uses it", {
  timeout: (loadSeconds + 140) * 1000,
}, async () => {
  const limit = { requests: 230, intervalMs: 10_000 };
  fleet = await GuardedFleet.open({ workers: 8, env: { WORKER_CONCURRENCY: "20" } });
  await fleet.fake.control({ latencyMs: 50, limit });
  await warmUp();
  const { ofAllowed } = await load(limit, loadSeconds);
  // The limiter keeps half a second of calls back (docs/guards.md), which weighs more in a short run.
  expect(ofAllowed).toBeGreaterThanOrEqual(loadSeconds < 60 ? 0.96 : 0.98);
});

it("keeps eight fresh processes inside a limit of a second, and uses its rate", {
  timeout: 60_000,
}, async () => {
  const limit = { requests: 20, intervalMs: 1_000 };
  const env = { WORKER_CONCURRENCY: "5", OPENROUTER_RATE_LIMIT: "20/1s" };
  fleet = await GuardedFleet.open({ workers: 8, env });
  await fleet.fake.control({ latencyMs: 50, limit });
  const { ofRate } = await load(limit, 10);
  expect(ofRate).toBeGreaterThanOrEqual(0.98);
});

/** A fresh process takes up to a second for its first call; then the bucket fills up again. */
async function warmUp(): Promise<void> {
  await fleet.addSummaries(2 * 160);
  await fleet.allAtRest(60_000);
  await fleet.fake.clearRequests();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
}

/** More tasks than the limit lets through in that time. Answers which share was used of what it allows. */
async function load(limit: RateLimit, seconds: number): Promise<{ ofAllowed: number; ofRate: number }> {
  const perMs = limit.requests / limit.intervalMs;
  const allowed = limit.requests + perMs * seconds * 1000;
  counter = await ScriptCounter.watch(fleet.server?.url ?? "");
  await fleet.addSummaries(Math.round(allowed * 1.5));
  await fleet.callsReach(1, 30_000);
  const [begun] = await fleet.calls();
  const endAt = (begun?.at ?? Date.now()) + seconds * 1000;
  await new Promise((resolve) => setTimeout(resolve, endAt - Date.now()));
  const calls = await fleet.calls();
  const first = calls[0]?.atMs ?? 0;
  const within = calls.filter(({ atMs }) => atMs <= first + seconds * 1000).length;
  const perCall = counter.ofGuards / calls.length;
  process.stdout.write(
    `${limit.requests} per ${limit.intervalMs} ms: ${within} calls in ${seconds} s, ${((within / allowed) * 100).toFixed(1)} % of ` +
      `${allowed.toFixed(0)} allowed; worst excess ${worstExcess(calls, limit).toFixed(2)}; ${perCall.toFixed(2)} guard scripts a call; ` +
      `by second ${callsBySecond(calls).join(" ")}\n`,
  );
  expect(worstExcess(calls, limit)).toBeLessThanOrEqual(0);
  expect((await fleet.fake.limitReport())?.exceededBy).toBe(0);
  return { ofAllowed: within / allowed, ofRate: within / (perMs * seconds * 1000) };
}

/** By how many calls the fullest window [s, t] passes requests + rate × (t − s); negative: by how many it stays below. */
function worstExcess(calls: readonly Call[], { requests, intervalMs }: RateLimit): number {
  const perMs = requests / intervalMs;
  let [worst, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  calls.forEach(({ atMs }, index) => {
    lowest = Math.min(lowest, index - perMs * atMs);
    worst = Math.max(worst, index + 1 - perMs * atMs - lowest - requests);
  });
  return worst;
}
