import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newTask } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { applicationId } from "./migrations.ts";
import { openSqliteStores } from "./open-stores.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workstream-open-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function expectRefusal(path: string, text: RegExp): Promise<void> {
  const refusal: unknown = await openSqliteStores({ path }).then(
    () => "it was opened",
    (error: unknown) => error,
  );
  expect(refusal).toHaveProperty("code", "store_unavailable");
  expect(refusal).toHaveProperty("message", expect.stringMatching(text));
}

it("makes the folder and the file, and gives both back whole", async () => {
  const path = join(folder, "deep", "er", "store.db");
  const stores = await openSqliteStores({ path });
  const id = stores.tasks.mintId();
  await stores.tasks.enqueue(newTask(id));
  await stores.close();
  expect(readdirSync(join(folder, "deep", "er"))).toEqual(["store.db"]);
  const again = await openSqliteStores({ path });
  expect((await again.tasks.get(id))?.state).toBe("PENDING");
  await again.close();
});

// A recursive mkdir of Node 20 spins there for ever, deaf to signals.
it.runIf(process.platform === "linux")("refuses a folder that the kernel will not make", async () => {
  await expectRefusal("/proc/workstream/deep/store.db", /can't be opened or written \(ENOENT/);
});

it("refuses a second opening in this process, and allows one after close", async () => {
  const path = join(folder, "store.db");
  const stores = await openSqliteStores({ path });
  await expectRefusal(path, /Another Workstream process/);
  expect(await stores.tasks.status()).toBeDefined();
  await stores.close();
  await (await openSqliteStores({ path })).close();
});

it("waits for a process that is just closing", async () => {
  const path = join(folder, "store.db");
  const first = await openSqliteStores({ path });
  const second = openSqliteStores({ path });
  setTimeout(() => void first.close(), 200);
  await (await second).close();
});

it("refuses a file that is no database", async () => {
  const path = join(folder, "notes.txt");
  writeFileSync(path, "These are notes, not a database. ".repeat(100));
  await expectRefusal(path, /is not a database/);
});

it("refuses the database of another program, and leaves it as it was", async () => {
  const path = join(folder, "theirs.db");
  const theirs = connect(path);
  theirs.exec("CREATE TABLE notes (text TEXT)");
  theirs.release();
  await expectRefusal(path, /of another program/);
  const after = connect(path);
  expect(after.prepare("SELECT name FROM sqlite_schema").all()).toEqual([["notes"]]);
  after.release();
});

it("refuses a file of a newer version", async () => {
  const path = join(folder, "store.db");
  await (await openSqliteStores({ path })).close();
  const newer = connect(path);
  newer.pragma("user_version = 999");
  newer.release();
  await expectRefusal(path, /newer Workstream \(schema 999/);
});

it("refuses a place where no file can be", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expectRefusal(join(file, "store.db"), /can't be opened or written/);
  await expectRefusal(folder, /can't be opened or written/);
});

it("stamps the file with its schema and its owner", async () => {
  const path = join(folder, "store.db");
  await (await openSqliteStores({ path })).close();
  const connection = connect(path);
  expect(connection.pragma("application_id")).toBe(applicationId);
  expect(connection.pragma("user_version")).toBeGreaterThan(0);
  connection.release();
});

it.each([
  ["normal", "normal"],
  ["full", "full"],
] as const)("syncs as durability %s asks", async (durability, synchronous) => {
  const stores = await openSqliteStores({ path: join(folder, "store.db"), durability });
  expect(await stores.probe.connectionStats()).toMatchObject({ synchronous });
  await stores.close();
});

it("refuses everything after close, and closes twice without harm", async () => {
  const stores = await openSqliteStores({ path: join(folder, "store.db") });
  await stores.close();
  await stores.close();
  const late = stores.tasks.enqueue(newTask(stores.tasks.mintId()));
  await expect(late).rejects.toHaveProperty("code", "store_unavailable");
  await expect(stores.tasks.status()).rejects.toHaveProperty("code", "store_unavailable");
  expect(await stores.probe.check()).toMatchObject({
    isConnected: false,
    isSafe: false,
    responseTimeMs: null,
  });
});
