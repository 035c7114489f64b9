import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  claimRequest,
  complete,
  failed,
  newTask,
  park,
  release,
  seededRandom,
  testClock,
} from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { openSqliteStores } from "./open-stores.ts";

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-counts-")), "store.db");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

const settlements = [complete, failed({ to: "DLQ" }), failed({ to: "FAILED" }), park(500), release];
const retention = { maxAgeMs: 100_000, maxCount: 40 };
const policy = { COMPLETED: retention, FAILED: retention, DLQ: retention, CANCELLED: retention };

/** Hundreds of random steps in the life of a store. */
async function live(seed: number): Promise<void> {
  const clock = testClock();
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const { tasks, inputs, close } = await openSqliteStores({ path, now: clock.now, reapsOwn: true });
  const ids: string[] = [];
  for (let step = 0; step < 60; step++) {
    clock.advance(Math.floor(random() * 40_000));
    const overrides = {
      queue: pick(["primary", "mail"]),
      type: pick(["a", "b"]),
      priority: pick(["high", "low"] as const),
    };
    const content = "x".repeat(pick([1, 3_000, 3_000]));
    const added = Array.from({ length: pick([1, 5, 130]) }, () =>
      newTask(tasks.mintId(), {
        ...overrides,
        delayMs: pick([0, 0, 2_000]),
        content: pick(["short", content]),
      }),
    );
    ids.push(...added.map(({ id }) => id));
    await tasks.enqueueBatch(added);
    if (step % 20 === 0) await tasks.enqueue(newTask(tasks.mintId(), { content: "x".repeat(300_000) }));
    if (step % 10 === 0) await (await inputs.open(pick(ids))).write(new Uint8Array(5_000));
    const claimed = await tasks.claim(claimRequest({ queues: { primary: 40, mail: 40 }, limit: 60 }));
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: pick(settlements) }));
    await tasks.settle("host-1-aaaa", attempts.slice(2));
    await tasks.promote(20);
    await tasks.reap({ leaseMs: 30_000, maxLostWorkers: 2, limit: 10 });
    await tasks.cancel(pick(ids), "");
    await tasks.retry(pick(ids), { resetRetryCount: true });
    await tasks.delete(pick(ids));
    await tasks.prune(policy, 200);
  }
  await close();
}

it("keeps counts that equal a count of the rows, whatever happened", { timeout: 120_000 }, async () => {
  await live(7);
  const connection = connect(path);
  const rows = (sql: string) => connection.prepare(sql).all();
  expect(rows("SELECT place, tasks FROM place_counts WHERE tasks <> 0 ORDER BY place")).toEqual(
    rows("SELECT place, count(*) FROM tasks GROUP BY place ORDER BY place"),
  );
  expect(rows("SELECT type, queue, tasks FROM kind_counts WHERE tasks <> 0 ORDER BY type, queue")).toEqual(
    rows("SELECT type, queue, count(*) FROM tasks GROUP BY type, queue ORDER BY type, queue"),
  );
  expect(rows("SELECT minute, type, queue, tasks FROM created_counts ORDER BY minute, type, queue")).toEqual(
    rows("SELECT created_at / 60000, type, queue, count(*) FROM tasks GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"),
  );
  expect(rows("SELECT name, tasks FROM error_groups ORDER BY name")).toEqual(
    rows("SELECT error_group, count(*) FROM tasks WHERE place = 'DLQ' GROUP BY 1 ORDER BY 1"),
  );
  expect(rows("SELECT id FROM tasks WHERE (place = 'DLQ') <> (error_group IS NOT NULL)")).toEqual([]);
  expect(rows("SELECT bytes FROM input_total")).toEqual(
    rows("SELECT coalesce(sum(size), 0) FROM input_chunks"),
  );
  expect(rows("SELECT count(*) > 50 FROM tasks")).toEqual([[1]]);
  expect(
    rows("SELECT id FROM tasks WHERE state <> CASE WHEN place LIKE '%:%' THEN 'PENDING' ELSE place END"),
  ).toEqual([]);
  expect(rows("SELECT task_id FROM inputs WHERE kept = 1 AND task_id NOT IN (SELECT id FROM tasks)")).toEqual(
    [],
  );
  expect(rows("SELECT id FROM tasks WHERE has_input = 1 AND id NOT IN (SELECT task_id FROM inputs)")).toEqual(
    [],
  );
  expect(rows("PRAGMA integrity_check")).toEqual([["ok"]]);
  connection.release();
});
