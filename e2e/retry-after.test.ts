/** One 429 with Retry-After is obeyed by every process: no call arrives while it lasts, those in flight aside. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsBySecond, GuardedFleet } from "./guarded-fleet.ts";

const holdMs = 5_000;
const latencyMs = 50;
const settings = { WORKER_CONCURRENCY: "10", OPENROUTER_RATE_LIMIT: "20/1s" };
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
  it("calls nothing for the five seconds that the service asked for", async () => {
    const fleet = fleets[kinds.indexOf(kind)]!;
    await fleet.fake.control({ latencyMs });
    await fleet.addSummaries(400);
    await fleet.callsReach(60, 60_000);
    await fleet.fake.control({ rules: [{ fault: "rate-limit", retryAfterSeconds: holdMs / 1000, next: 1 }] });
    await fleet.callsReach((await fleet.calls()).length + 40, 60_000);

    const calls = await fleet.calls();
    const refused = calls.find(({ outcome }) => outcome === "429");
    const refusedAt = (refused?.atMs ?? 0) + latencyMs;
    const during = calls.filter(({ atMs }) => atMs > refusedAt && atMs < refusedAt + holdMs);
    // Also those of a worker that the machine held up between the answer and the word to all others; at 20 a second.
    const inFlightMs = 1_000;
    const late = during.filter(({ atMs }) => atMs > refusedAt + inFlightMs);
    const next = calls.find(({ atMs }) => atMs >= refusedAt + holdMs);
    process.stdout.write(
      `${kind.where}: 429 at ${Math.round(refusedAt)} ms; ${during.length} calls within ${inFlightMs} ms of it, ${late.length} later; next ` +
        `${Math.round((next?.atMs ?? 0) - refusedAt)} ms after it; by second ${callsBySecond(calls).join(" ")}\n`,
    );
    expect(refused).toBeDefined();
    expect(late).toEqual([]);
    expect(next).toBeDefined();
  });
});
