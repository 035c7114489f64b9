/**
 * Redis stopped for longer than a lease and started again, under load. Every lease has run out by then, though the
 * workers live: no task may be taken from one of them.
 */
import { until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collections } from "./collections.ts";
import { Fleet } from "./fleet.ts";
import { addProbes, call, task, unfinished } from "./gateway.ts";

const outageMs = 40_000;
let fleet: Fleet;

beforeEach(async () => {
  fleet = await Fleet.open({
    env: { WORKER_CONCURRENCY: "10" },
    redisConfig: { appendonly: "yes", appendfsync: "always" },
  });
});

afterEach(() => fleet.close());

it("takes no task from a living worker and loses nothing", async () => {
  await fleet.startGateway();
  fleet.startWorker();
  fleet.startWorker();
  await fleet.workersReady(2);
  // Sixteen slots are held through the whole outage; four go on taking short tasks.
  const long = await addProbes(fleet.url, 16, () => outageMs + 15_000);
  await until("the long ones to run", async () => fleet.journal().length >= 16, { timeoutMs: 10_000 });
  const short = await addProbes(fleet.url, 400, () => 100);
  await until("short ones to end", () => fleet.journal().filter(({ event }) => event === "end").length > 20, {
    timeoutMs: 10_000,
  });

  await fleet.server.kill();
  const stoppedAt = performance.now();
  const refused = await call<{ code: string }>(`${fleet.url}/api/v1/tasks/probe`, "POST", {
    input: { ms: 1 },
  });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await call(`${fleet.url}/live`)).status).toBe(200);
  expect((await call(`${fleet.url}/ready`)).status).toBe(503);
  await until("the outage to last", () => performance.now() - stoppedAt > outageMs, {
    timeoutMs: 60_000,
    everyMs: 100,
  });

  const startsBefore = fleet.journal().filter(({ event }) => event === "start").length;
  await fleet.server.restart();
  const startedAt = performance.now();
  await until("workers to consume again", () => starts() > startsBefore, { timeoutMs: 10_000 });
  const resumedMs = Math.round(performance.now() - startedAt);
  expect(resumedMs).toBeLessThan(5_000);

  await until("every task at rest", async () => (await unfinished(fleet.url)) === 0, {
    timeoutMs: 90_000,
    everyMs: 200,
  });
  const found = await collections(fleet.redis);
  expect(found.COMPLETED!.sort()).toEqual([...long, ...short].sort());
  const details = await Promise.all(long.map((id) => task(fleet.url, id)));
  expect(details.flatMap(({ error_history }) => error_history)).toEqual([]);
  expect(runsOf(long)).toBe(long.length);
  process.stdout.write(
    `consuming again ${resumedMs} ms after Redis was back; ${long.length} long tasks kept their workers\n`,
  );
});

function starts(): number {
  return fleet.journal().filter(({ event }) => event === "start").length;
}

function runsOf(ids: string[]): number {
  const wanted = new Set(ids);
  return fleet.journal().filter(({ event, id }) => event === "start" && wanted.has(id)).length;
}
