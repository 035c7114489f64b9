/**
 * Both stores guard a service alike, whatever is done to it.
 *
 * GUARD_RUNS sets how many random lives there are, GUARD_SEED repeats them, GUARD_PATH goes straight to the failing one;
 * the failure prints both.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ServiceListener } from "../guard-driver.ts";
import { type OpenedStores, type StoreSource, startStoreSource, storeKinds } from "../store-source.ts";
import { testClock } from "../test-clock.ts";
import { guardLives } from "./guard-operation.ts";
import { type GuardCoverage, GuardRun } from "./guard-run.ts";

const runs = Number(process.env.GUARD_RUNS ?? 150);
const seed = Number(process.env.GUARD_SEED ?? Date.now() & 0x7fffffff);
const path = process.env.GUARD_PATH;
const timeLimitMs = Math.max(120_000, runs * 500);

const clock = testClock();
let sources: StoreSource[] = [];
let opened: OpenedStores[] = [];
let listeners: ServiceListener[] = [];
beforeAll(async () => {
  sources = await Promise.all(storeKinds.map(startStoreSource));
  opened = await Promise.all(sources.map((source) => source.open({ clock })));
  listeners = await Promise.all(opened.map(({ stores }) => ServiceListener.on(stores.guards)));
});
afterAll(async () => {
  await Promise.all(opened.map(({ stores }) => stores.close()));
  await Promise.all(sources.map((source) => source.stop()));
});

it(`guards alike on both stores in ${runs} random lives (seed ${seed})`, {
  timeout: timeLimitMs * 2,
}, async () => {
  const coverage: GuardCoverage = new Map();
  let lives = 0;
  const property = fc.asyncProperty(guardLives, async ({ policy, operations }) => {
    const sides = opened.map(({ stores }, index) => ({ name: storeKinds[index] ?? "", stores }));
    const own = { ...policy, service: `service-${++lives}` };
    await new GuardRun(sides, clock, own, coverage).all(operations);
    const [first, ...others] = await Promise.all(listeners.map((listener) => listener.settled()));
    for (const other of others) expect(other, "the events").toEqual(first);
  });
  const bounds = { interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: true };
  const replay = path === undefined ? {} : { path, endOnFailure: true };
  await fc.assert(property, { numRuns: runs, seed, ...bounds, ...replay });
  console.log(`${runs} lives:`, Object.fromEntries(coverage));
  const reached = ["granted", "wait", "park open", "park half_open", "park limited", "OPEN", "HALF_OPEN"];
  if (path === undefined && runs >= 100)
    expect([...coverage.keys()]).toEqual(expect.arrayContaining(reached));
});
