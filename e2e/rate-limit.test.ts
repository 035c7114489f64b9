/**
 * Eight worker processes against a bucket of 230 calls per 10 s, under full load: never exceeded by the service's own
 * clock, and used. LOAD_SECONDS is 15 unless told; docs/guards.md reports 60.
 */
import { afterEach, expect, it } from "vitest";
import { type Call, callsBySecond, GuardedFleet } from "./guarded-fleet.ts";
import { ScriptCounter } from "./script-counter.ts";

const loadSeconds = Number(process.env.LOAD_SECONDS ?? 15);
const capacity = 230;
const perMs = 230 / 10_000;
/** The limiter keeps half a second of calls back (docs/guards.md), which weighs more in a short run. */
const least = loadSeconds < 60 ? 0.96 : 0.98;
let fleet: GuardedFleet;
let counter: ScriptCounter | null = null;

afterEach(async () => {
  counter?.close();
  await fleet.close();
});

it("keeps eight processes inside the limit, and uses it", {
  timeout: (loadSeconds + 140) * 1000,
}, async () => {
  fleet = await GuardedFleet.open({ workers: 8, env: { WORKER_CONCURRENCY: "20" } });
  await fleet.fake.control({ latencyMs: 50, limit: { requests: capacity, intervalMs: 10_000 } });
  await warmUp();
  await load();
  const allowed = capacity + perMs * loadSeconds * 1000;
  const calls = await fleet.calls();
  const first = calls[0]?.atMs ?? 0;
  const within = calls.filter(({ atMs }) => atMs <= first + loadSeconds * 1000).length;
  const perCall = (counter?.ofGuards ?? 0) / calls.length;
  process.stdout.write(
    `${within} calls in ${loadSeconds} s, ${((within / allowed) * 100).toFixed(1)} % of ${allowed.toFixed(0)} allowed; ` +
      `worst excess ${worstExcess(calls).toFixed(2)}; ${perCall.toFixed(2)} guard scripts a call; by second ${callsBySecond(calls).join(" ")}\n`,
  );
  expect(worstExcess(calls)).toBeLessThanOrEqual(0);
  expect((await fleet.fake.limitReport())?.exceededBy).toBe(0);
  expect(within / allowed).toBeGreaterThanOrEqual(least);
});

/** A fresh process takes up to a second for its first call; then the bucket fills up again. */
async function warmUp(): Promise<void> {
  await fleet.addSummaries(2 * 160);
  await fleet.allAtRest(60_000);
  await fleet.fake.clearRequests();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
}

/** More tasks than the limit lets through in that time. */
async function load(): Promise<void> {
  counter = await ScriptCounter.watch(fleet.server?.url ?? "");
  await fleet.addSummaries(Math.round((capacity + perMs * loadSeconds * 1000) * 1.5));
  await fleet.callsReach(1, 30_000);
  const [first] = await fleet.calls();
  const endAt = (first?.at ?? Date.now()) + loadSeconds * 1000;
  await new Promise((resolve) => setTimeout(resolve, endAt - Date.now()));
}

/** By how many calls the fullest window [s, t] passes capacity + rate × (t − s); negative: by how many it stays below. */
function worstExcess(calls: readonly Call[]): number {
  let [worst, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  calls.forEach(({ atMs }, index) => {
    lowest = Math.min(lowest, index - perMs * atMs);
    worst = Math.max(worst, index + 1 - perMs * atMs - lowest - capacity);
  });
  return worst;
}
