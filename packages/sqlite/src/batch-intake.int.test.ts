import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stores } from "@workstream/core";
import { newTask } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqliteStores } from "./open-stores.ts";

let folder = "";
let stores: Stores;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "workstream-batch-"));
  stores = await openSqliteStores({ path: join(folder, "store.db") });
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

function batchOf(count: number) {
  return Array.from({ length: count }, () => newTask(stores.tasks.mintId()));
}

it("lets the event loop turn while it takes 10,000 tasks", async () => {
  const gapsMs: number[] = [];
  let turnedAt = performance.now();
  const turn = () => {
    gapsMs.push(performance.now() - turnedAt);
    turnedAt = performance.now();
    turning = setImmediate(turn);
  };
  const tasks = batchOf(10_000);
  let turning = setImmediate(turn);
  await stores.tasks.enqueueBatch(tasks);
  clearImmediate(turning);
  gapsMs.sort((a, b) => a - b);
  expect(gapsMs.length).toBeGreaterThan(200);
  // Typically 2 ms; a busy machine takes the processor away for longer, but not nine times out of ten.
  expect(gapsMs[Math.floor(gapsMs.length * 0.9)]).toBeLessThan(25);
});

it("keeps a batch and whoever uses its keys meanwhile apart", async () => {
  const key = (name: string, fingerprint: string) => ({ idempotency: { key: name, fingerprint } });
  const tasks = batchOf(500);
  const last = newTask(stores.tasks.mintId(), key("k", "of the batch"));
  const meanwhile = newTask(stores.tasks.mintId(), key("k", "of another"));
  const [outcomes, outcome] = await Promise.all([
    stores.tasks.enqueueBatch([...tasks, last]),
    stores.tasks.enqueue(meanwhile),
  ]);
  expect(outcomes.at(-1)).toEqual({ outcome: "created", id: last.id, state: "PENDING" });
  expect(outcome).toEqual({ outcome: "conflict", id: last.id });
  expect((await stores.tasks.status()).states.PENDING).toBe(501);
});

it("takes batches that come at once, one after the other, with single tasks between", async () => {
  const batches = [batchOf(300), batchOf(250), batchOf(2)];
  const single = newTask(stores.tasks.mintId());
  await Promise.all([
    ...batches.map((batch) => stores.tasks.enqueueBatch(batch)),
    stores.tasks.enqueue(single),
  ]);
  const ids = await stores.tasks.queueTaskIds("primary", 1_000);
  expect(ids?.toSorted()).toEqual([...batches.flat(), single].map(({ id }) => id).toSorted());
});

it("refuses more than 10,000 tasks, and takes nothing of them", async () => {
  await expect(stores.tasks.enqueueBatch(batchOf(10_001))).rejects.toHaveProperty("code", "too_large");
  expect((await stores.tasks.status()).states.PENDING).toBe(0);
});

it("takes nothing of a batch whose texts pass the bound on inputs", async () => {
  await stores.close();
  stores = await openSqliteStores({ path: join(folder, "small.db"), maxInputBytes: 1_000_000 });
  const texts = batchOf(150).map((task) => ({ ...task, content: "x".repeat(10_000) }));
  await expect(stores.tasks.enqueueBatch(texts)).rejects.toHaveProperty("code", "store_full");
  expect((await stores.tasks.status()).states.PENDING).toBe(0);
  await stores.tasks.enqueueBatch(texts.slice(0, 90));
  expect((await stores.tasks.status()).states.PENDING).toBe(90);
});
