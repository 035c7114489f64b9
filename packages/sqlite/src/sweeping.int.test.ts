import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stores } from "@workstream/core";
import { complete, TaskDriver, testClock, workerId } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { openSqliteStores, type SqliteStoreOptions } from "./open-stores.ts";

let path = "";
const clock = testClock();
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-sweeping-")), "store.db");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

function open(options: Partial<SqliteStoreOptions> = {}) {
  return openSqliteStores({ path, now: clock.now, ...options });
}

const tables = ["task_logs", "output_entries", "steps", "texts", "text_chunks", "cache_results"] as const;

/** How many rows the closed file holds. */
function rowsLeft(): Partial<Record<(typeof tables)[number], number>> {
  const connection = connect(path);
  const counts = tables.map(
    (table) =>
      [table, connection.prepare(`SELECT count(*) FROM ${table}`).first<[number]>()?.[0] ?? -1] as const,
  );
  connection.release();
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

/** Lets the sweep have its turns: each write that is awaited is a transaction after one of its own. */
async function turns({ tasks }: Stores): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await tasks.pause(`q${turn % 2}`);
}

async function gather(stores: Stores, driver: TaskDriver): Promise<string> {
  await driver.enqueue();
  const lease = await driver.claimOne();
  const output = Array.from({ length: 350 }, (_, index) => ({ kind: "output", text: `${index}` }) as const);
  await stores.outputs.append(workerId, lease, output);
  for (let step = 0; step < 230; step++) {
    await stores.steps.write(workerId, lease, {
      name: `${step}`,
      value: "x".repeat(step < 3 ? 700_000 : 10),
    });
  }
  await driver.settle(lease, complete);
  return lease.id;
}

it("sweeps what a deleted task gathered, after a restart too", async () => {
  const stores = await open();
  const driver = new TaskDriver({ tasks: stores.tasks, clock });
  const [deleted, kept] = [await gather(stores, driver), await gather(stores, driver)];
  await stores.tasks.delete(deleted);
  await stores.close();
  expect(rowsLeft().output_entries).toBeGreaterThan(350);
  const again = await open();
  await turns(again);
  expect((await again.steps.read(kept)).size).toBe(230);
  await again.close();
  expect(rowsLeft()).toEqual({ task_logs: 2, output_entries: 350, steps: 230, texts: 230, text_chunks: 236 });
});

it("sweeps steps that were replaced or forgotten", async () => {
  const stores = await open();
  const driver = new TaskDriver({ tasks: stores.tasks, clock });
  await driver.enqueue();
  const lease = await driver.claimOne();
  for (const letter of "abc") {
    await stores.steps.write(workerId, lease, { name: "page", value: letter.repeat(600_000) });
  }
  await turns(stores);
  expect((await stores.steps.read(lease.id)).get("page")).toBe("c".repeat(600_000));
  await stores.close();
  expect(rowsLeft()).toEqual({ task_logs: 1, steps: 1, texts: 1, text_chunks: 3 });
  const again = await open();
  await again.steps.forget(lease.id);
  await turns(again);
  await again.close();
  expect(rowsLeft()).toEqual({});
});

it("sweeps results that gave way, lapsed or came too late", async () => {
  const stores = await open({ maxCachedResults: 2 });
  const { cache } = stores;
  for (const key of ["a", "b", "c", "d"]) {
    await cache.begin(key, "owner", 1_000);
    await cache.put(key, "owner", { text: key.repeat(600_000), ttlMs: 10_000 });
    await cache.put(key, "not the owner", { text: "x".repeat(600_000), ttlMs: 10_000 });
    clock.advance(1);
  }
  await turns(stores);
  await stores.close();
  expect(rowsLeft()).toEqual({ cache_results: 2, texts: 2, text_chunks: 6 });
  const again = await open();
  clock.advance(10_000);
  const all = { maxAgeMs: 1e12, maxCount: 1e6 };
  await again.tasks.prune({ COMPLETED: all, FAILED: all, DLQ: all, CANCELLED: all }, 200);
  await turns(again);
  await again.close();
  expect(rowsLeft()).toEqual({});
});

it("sweeps a text that was half written when the process died", async () => {
  await (await open()).close();
  const connection = connect(path);
  connection.exec("INSERT INTO texts VALUES (7, 0); INSERT INTO text_chunks VALUES (7, 0, x'00')");
  connection.release();
  expect(rowsLeft()).toEqual({ texts: 1, text_chunks: 1 });
  const stores = await open();
  await turns(stores);
  await stores.close();
  expect(rowsLeft()).toEqual({});
});
