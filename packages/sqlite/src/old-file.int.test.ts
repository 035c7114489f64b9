import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorGroup } from "@workstream/core";
import { TaskDriver, testClock } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { migrate } from "./migrations.ts";
import { openSqliteStores } from "./open-stores.ts";

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-old-")), "store.db");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

const id = "019b79a8-9000-7000-8000-000000000001";
const text = "an input from before ".repeat(1_000);

/** A file as the first version left it, with a task that is parked until `dueAt`. */
function writeOldFile(parkedAt: number, dueAt: number): void {
  const sql = readFileSync(new URL("../migrations/001-initial.sql", import.meta.url), "utf8");
  const connection = connect(path);
  migrate(connection, path, [{ version: 1, sql }]);
  const insert = connection.prepare(
    `INSERT INTO tasks (id, type, queue, priority, state, place, rank, lease, max_retries, created_at, updated_at,
      retry_after, parked_at, content_kind, content_bytes, metadata, content)
     VALUES (?1, 'echo', 'primary', 'normal', 'SCHEDULED', 'SCHEDULED', ?3, 5, 3, ?2, ?2, ?3, ?2, 'text', ?4, '{}', ?5)`,
  );
  insert.run(id, parkedAt, dueAt, text.length, text);
  connection.release();
}

it("groups the dead letters of a file that knew no groups", async () => {
  const clock = testClock();
  writeOldFile(clock.now(), clock.now());
  const connection = connect(path);
  connection.exec(
    `UPDATE tasks SET state = 'DLQ', place = 'DLQ', completed_at = 7, error_type = 'Default', last_error = 'row 17'`,
  );
  connection.release();
  const stores = await openSqliteStores({ path, now: clock.now });
  expect(await stores.tasks.deadLetterGroups(5)).toMatchObject({
    groups: [{ group: errorGroup("echo", "Default", "row 3"), count: 1, firstAt: 7, taskIds: [id] }],
    totalGroups: 1,
  });
  await stores.close();
});

it("opens a file of the first version and goes on with what it holds", async () => {
  const clock = testClock();
  writeOldFile(clock.now(), clock.now() + 1_000);
  const stores = await openSqliteStores({ path, now: clock.now });
  expect(await stores.tasks.get(id)).toMatchObject({ state: "SCHEDULED", content: text });
  expect(await stores.guards.list()).toEqual([]);
  clock.advance(1_000);
  await stores.tasks.promote(10);
  const attempt = await new TaskDriver({ tasks: stores.tasks, clock }).claimOne();
  expect(attempt).toMatchObject({ id, content: text, wasParked: true });
  await stores.guards.forceOpen("llm");
  await stores.close();

  const again = await openSqliteStores({ path, now: clock.now });
  expect(await again.guards.list()).toMatchObject([{ service: "llm", breaker: { state: "OPEN" } }]);
  await again.close();
});
