import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { complete, newTask, TaskDriver, testClock } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { openSqliteStores } from "./open-stores.ts";

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-recovery-")), "store.db");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

it("recovers what was ACTIVE at once, and buries what took down too many processes", async () => {
  const clock = testClock();
  const options = { path, now: clock.now, maxLostWorkers: 2 };
  const first = await openSqliteStores(options);
  const driver = new TaskDriver({ tasks: first.tasks, clock });
  const id = await driver.enqueue();
  await driver.claimOne();
  await first.close();

  const second = await openSqliteStores(options);
  expect(await second.tasks.get(id)).toMatchObject({ state: "PENDING", lostCount: 1 });
  expect(await second.tasks.queueTaskIds("retry", 10)).toEqual([id]);
  const again = new TaskDriver({ tasks: second.tasks, clock });
  const attempt = await again.claimOne();
  expect(attempt).toMatchObject({ id, attempt: 2 });
  await again.begin(attempt);
  await second.close();

  const third = await openSqliteStores(options);
  expect(await third.tasks.get(id)).toMatchObject({ state: "DLQ", lostCount: 2, errorType: "WorkerLost" });
  await third.close();
});

it("keeps the order of lanes over a restart, the head too", async () => {
  const clock = testClock();
  const first = await openSqliteStores({ path, now: clock.now });
  const driver = new TaskDriver({ tasks: first.tasks, clock });
  const ids = await driver.enqueueMany(3);
  await driver.settle(await driver.claimOne(), { kind: "release" });
  await first.close();
  const second = await openSqliteStores({ path, now: clock.now });
  const later = new TaskDriver({ tasks: second.tasks, clock });
  const last = await later.enqueue();
  await later.settle(await later.claimOne(), { kind: "release" });
  expect(await second.tasks.queueTaskIds("primary", 10)).toEqual([...ids, last]);
  await second.close();
});

it("finishes a batch that was accepted and drops one that was not", async () => {
  const clock = testClock();
  const first = await openSqliteStores({ path, now: clock.now });
  const tasks = Array.from({ length: 4 }, (_, n) =>
    newTask(first.tasks.mintId(), { content: `text ${n}\0` }),
  );
  await first.close();
  const connection = connect(path);
  connection.exec("INSERT INTO batches VALUES (1, 5), (2, NULL)");
  const stage = connection.prepare("INSERT INTO batch_chunks VALUES (?, ?, ?)");
  stage.run(1, 0, JSON.stringify(tasks.slice(0, 2)));
  stage.run(1, 1, JSON.stringify(tasks.slice(2, 3)));
  stage.run(2, 0, JSON.stringify(tasks.slice(3)));
  connection.release();

  const second = await openSqliteStores({ path, now: clock.now });
  const accepted = tasks.slice(0, 3).map(({ id }) => id);
  expect(await second.tasks.queueTaskIds("primary", 10)).toEqual(accepted);
  expect((await second.tasks.get(accepted[0] ?? ""))?.content).toBe("text 0\0");
  const driver = new TaskDriver({ tasks: second.tasks, clock });
  for (const attempt of await driver.claim()) expect(await driver.settle(attempt, complete)).toBe("settled");
  await second.close();
  const after = connect(path);
  expect(after.prepare("SELECT count(*) FROM batches").first()).toEqual([0]);
  expect(after.prepare("SELECT count(*) FROM batch_chunks").first()).toEqual([0]);
  after.release();
});

it("spares the leases of workers of this process until they leave", async () => {
  const clock = testClock();
  const stores = await openSqliteStores({ path, now: clock.now });
  const driver = new TaskDriver({ tasks: stores.tasks, clock });
  await driver.warmReaper();
  const id = await driver.enqueue();
  const { token } = await driver.claimOne();
  expect(await driver.loseWorkers()).toEqual({ requeued: 0, buried: 0 });
  expect(await stores.tasks.requeueOrphaned()).toEqual({ found: 0, requeued: 0, errors: [] });
  expect(await stores.tasks.extend("host-1-aaaa", [{ id, token }], 1)).toEqual(["extended"]);
  await stores.workers.leave("host-1-aaaa");
  clock.advance(1);
  expect(await driver.reapDuring(1)).toEqual({ requeued: 1, buried: 0 });
  await stores.close();
});
