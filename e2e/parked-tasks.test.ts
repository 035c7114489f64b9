/** 10,000 tasks wait for a service whose breaker is open: once they are parked, they cost the store next to nothing. */
import { until } from "@workstream/testing";
import { afterEach, expect, it } from "vitest";
import { GuardedFleet } from "./guarded-fleet.ts";
import { ScriptCounter } from "./script-counter.ts";

const taskCount = 10_000;
const watchSeconds = Number(process.env.WATCH_SECONDS ?? 8);
const workers = 4;
let fleet: GuardedFleet;
let counter: ScriptCounter | null = null;

afterEach(async () => {
  counter?.close();
  await fleet.close();
});

it("parks what can't run, with no attempt used up and a few scripts a second", async () => {
  fleet = await GuardedFleet.open({ workers, env: { WORKER_CONCURRENCY: "20", CIRCUIT_TIMEOUT: "60" } });
  await fleet.fake.control({ rules: [{ fault: "provider-unavailable" }] });
  counter = await ScriptCounter.watch(fleet.server?.url ?? "");
  await fleet.addSummaries(taskCount);
  const started = performance.now();
  await until("all tasks parked", async () => (await fleet.states()).SCHEDULED === taskCount, {
    timeoutMs: 50_000,
    everyMs: 250,
  });
  const firstPass = { scripts: counter.all, seconds: (performance.now() - started) / 1000 };
  const failed = (await fleet.calls()).length;
  await quiet(counter);
  counter.all = 0;
  counter.ofGuards = 0;
  await new Promise((resolve) => setTimeout(resolve, watchSeconds * 1000));
  const perSecond = counter.all / watchSeconds;
  process.stdout.write(
    `first pass ${firstPass.scripts} scripts in ${firstPass.seconds.toFixed(1)} s, ${failed} calls; then ` +
      `${perSecond.toFixed(1)} scripts a second for ${workers} workers, ${counter.ofGuards} of them guards' in ${watchSeconds} s\n`,
  );
  expect((await fleet.calls()).length).toBe(failed);
  expect((await fleet.states()).SCHEDULED).toBe(taskCount);
  // Four workers beat, promote and reap; claims find nothing at most every 2 s each.
  expect(perSecond).toBeLessThan(5 * workers);
  expect(counter.ofGuards).toBeLessThan(watchSeconds);
});

/** What failed before the breaker opened comes back after its backoff, and is parked then. */
async function quiet(scripts: ScriptCounter): Promise<void> {
  let [seen, since] = [scripts.ofGuards, performance.now()];
  await until(
    "no guard to be asked for 4 s",
    () => {
      if (scripts.ofGuards !== seen) [seen, since] = [scripts.ofGuards, performance.now()];
      return performance.now() - since > 4_000;
    },
    { timeoutMs: 30_000, everyMs: 100 },
  );
}
