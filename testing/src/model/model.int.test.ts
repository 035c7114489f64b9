/**
 * Both stores do the same, whatever is done to them.
 *
 * MODEL_RUNS sets how many random lives there are, MODEL_SEED repeats them, MODEL_PATH goes straight to the failing
 * one; the failure prints both.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type StoreSource, startStoreSource } from "../store-source.ts";
import { emptyCoverage, reachableSteps, runModel } from "./model-run.ts";
import { type Operation, operations } from "./operation.ts";

const runs = Number(process.env.MODEL_RUNS ?? 500);
const seed = Number(process.env.MODEL_SEED ?? Date.now() & 0x7fffffff);
const path = process.env.MODEL_PATH;
/** Fewer runs may by chance miss a rare step: the rarest came up once or twice in 120. */
const runsThatCoverAll = 400;
/** The rarest step, which chance may leave out: one of many dead tasks is retried by itself. */
const rareLife: Operation[] = [
  {
    ...{ do: "enqueue", queue: "primary", priority: "normal", delayMs: 0 },
    ...{ expiresInMs: null, key: null, fingerprint: "f1" },
  },
  { do: "claim", worker: "host-1-a", queues: ["primary"], each: 1, limit: 1, lane: null },
  { do: "settle", attempt: 0, kind: "fail", delayMs: 0, by: "owner", next: null },
  { do: "retryAttempted", attempt: 0, reset: false },
];
/** Shrinking ends here too, with the best that it has found. */
const timeLimitMs = Math.max(180_000, runs * 500);

let sources: Record<string, StoreSource> = {};
beforeAll(async () => {
  sources = { redis: await startStoreSource("redis"), sqlite: await startStoreSource("sqlite") };
});
afterAll(async () => {
  await Promise.all(Object.values(sources).map((source) => source.stop()));
});

it(`answers alike on both stores in ${runs} random lives (seed ${seed})`, {
  timeout: timeLimitMs * 2,
}, async () => {
  const coverage = emptyCoverage();
  const property = fc.asyncProperty(operations, (sequence) => runModel(sources, sequence, coverage));
  const replay = path === undefined ? {} : { path };
  const bounds = { interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: true };
  const examples: [Operation[]][] = [[rareLife]];
  await fc.assert(property, {
    examples,
    numRuns: runs,
    seed,
    endOnFailure: path !== undefined,
    ...bounds,
    ...replay,
  });
  console.log(
    `${runs} runs, ${coverage.operations} operations on each store:`,
    Object.fromEntries(coverage.answers),
  );
  expect(coverage.operations).toBeGreaterThan(runs);
  if (runs >= runsThatCoverAll && path === undefined) {
    expect([...coverage.steps].toSorted()).toEqual(reachableSteps.toSorted());
  }
});
