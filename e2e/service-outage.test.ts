/**
 * A service that goes down under load, on Redis with several processes and embedded: the fleet stops calling, only probes
 * go through, and afterwards everything completes. OUTAGE_SECONDS is 8 unless told; docs/guards.md reports 30.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, type Detail } from "./gateway.ts";
import { callsBySecond, GuardedFleet } from "./guarded-fleet.ts";

const outageSeconds = Number(process.env.OUTAGE_SECONDS ?? 8);
const openSeconds = 4;
const taskCount = 300;
/** Slots of the fleet: calls that may be on their way when the breaker opens. */
const inFlight = 40;

const settings = {
  WORKER_CONCURRENCY: "10",
  CIRCUIT_TIMEOUT: String(openSeconds),
  OPENROUTER_RATE_LIMIT: "60/1s",
};
const kinds = [
  { where: "four workers on Redis", workers: 4 as const },
  { where: "the embedded store", workers: "embedded" as const },
];
let fleets: GuardedFleet[] = [];

// Both wait far more than they work. They begin when both have started, which does take the machine.
beforeAll(async () => {
  fleets = await GuardedFleet.openAll(kinds.map(({ workers }) => ({ workers, env: settings })));
});
afterAll(() => Promise.all(fleets.map((fleet) => fleet.close())));

describe.concurrent.each(kinds)("on $where", (kind) => {
  it("stops calling a service that is down, and loses nothing", { timeout: 240_000 }, async () => {
    const fleet = fleets[kinds.indexOf(kind)]!;
    await fleet.fake.control({ latencyMs: 100 });
    const ids = await fleet.addSummaries(taskCount);
    await fleet.callsReach(100, 60_000);

    await fleet.fake.control({ rules: [{ fault: "provider-unavailable" }] });
    const downFrom = (await fleet.calls()).length;
    const { opened_at: openedAt } = await fleet.breakerIs("open");
    const openedAtMs = Date.parse(openedAt ?? "");
    await new Promise((resolve) => setTimeout(resolve, outageSeconds * 1000));
    const failedCalls = (await fleet.calls()).filter(({ outcome }) => outcome === "502");
    await fleet.fake.control({ clear: true });
    await fleet.allAtRest(150_000);

    const calls = await fleet.calls();
    const before = failedCalls.filter(({ at }) => at <= openedAtMs);
    const probes = failedCalls.filter(({ at }) => at > openedAtMs + 1_000);
    const rounds = Math.ceil(outageSeconds / openSeconds) + 1;
    const burnt = await retriesOf(fleet, ids);
    process.stdout.write(
      `${kind.where}: down from call ${downFrom}; ${before.length} failed calls before it opened, ${probes.length} probes in ${outageSeconds} s; ` +
        `${burnt} attempts used up; by second ${callsBySecond(calls).join(" ")}\n`,
    );
    expect(failedCalls.length - probes.length - before.length).toBeLessThanOrEqual(inFlight);
    expect(probes.length).toBeLessThanOrEqual(3 * rounds);
    expect(burnt).toBeLessThanOrEqual(before.length);
    expect((await fleet.states()).COMPLETED).toBe(taskCount);
  });
});

/** Attempts that these tasks used up beyond the one that completed them. */
async function retriesOf(fleet: GuardedFleet, ids: readonly string[]): Promise<number> {
  let retries = 0;
  for (const id of ids) {
    const { body } = await call<Detail>(`${fleet.url}/api/v1/tasks/${id}`);
    retries += body.retry_count;
  }
  return retries;
}
