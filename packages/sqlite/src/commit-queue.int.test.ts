import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkstreamError } from "@workstream/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CommitQueue } from "./commit-queue.ts";
import { type Connection, connect } from "./connection.ts";
import type { Transaction } from "./transaction.ts";

let folder = "";
let connection: Connection;
let committed: Transaction[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workstream-commits-"));
  connection = connect(join(folder, "store.db"));
  connection.exec("CREATE TABLE notes (text TEXT UNIQUE, bytes BLOB) STRICT");
  committed = [];
});
afterEach(() => {
  connection.release();
  rmSync(folder, { recursive: true, force: true });
});

function openQueue() {
  const conclude = (transaction: Transaction) => () => void committed.push(transaction);
  const queue = new CommitQueue(connection, { path: "store.db", now: Date.now, conclude });
  const insert = connection.prepare("INSERT INTO notes (text, bytes) VALUES (?, ?)");
  const add = (text: string, bytes: Uint8Array | null = null) => queue.write(() => insert.run(text, bytes));
  return { queue, add };
}

function notes(): unknown[] {
  return connection
    .prepare("SELECT text FROM notes ORDER BY rowid")
    .all<[string]>()
    .map(([text]) => text);
}

it("commits the writes of one turn together, in the order in which they were asked for", async () => {
  const { add } = openQueue();
  const texts = Array.from({ length: 50 }, (_, n) => `note ${n}`);
  await Promise.all(texts.map((text) => add(text)));
  expect(notes()).toEqual(texts);
  expect(committed.length).toBeLessThan(10);
});

it("lets a write fail alone", async () => {
  const { queue, add } = openQueue();
  const refusal = new WorkstreamError("invalid_input", "No.");
  const outcomes = await Promise.allSettled([
    add("a"),
    add("a"),
    queue.write(() => {
      connection.prepare("INSERT INTO notes (text) VALUES ('half done')").run();
      throw refusal;
    }),
    add("b"),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  const [twice, own] = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  expect(twice?.reason).toHaveProperty("code", "internal");
  expect(twice?.reason).toHaveProperty("details.sqlite_code", "SQLITE_CONSTRAINT_UNIQUE");
  expect(own?.reason).toBe(refusal);
  expect(notes()).toEqual(["a", "b"]);
});

it("resolves no write before its commit, and tells of it then", async () => {
  const { queue } = openQueue();
  await queue.write(() => {
    connection.prepare("INSERT INTO notes (text) VALUES ('one')").run();
    expect(connection.isInTransaction()).toBe(true);
    expect(committed).toHaveLength(0);
  });
  expect(connection.isInTransaction()).toBe(false);
  expect(committed).toHaveLength(1);
});

it("yields to the event loop between transactions of a few ms", async () => {
  const { queue } = openQueue();
  const spin = () => {
    const until = performance.now() + 1;
    while (performance.now() < until);
  };
  let turns = 0;
  const count = () => {
    turns += 1;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  await Promise.all(Array.from({ length: 40 }, () => queue.write(spin)));
  clearImmediate(turning);
  expect(turns).toBeGreaterThanOrEqual(8);
  expect(committed.length).toBeGreaterThanOrEqual(8);
});

it("says that the disk is full, writes nothing then, and goes on when there is room", async () => {
  const { queue, add } = openQueue();
  await add("before");
  connection.pragma(`max_page_count = ${Number(connection.pragma("page_count")) + 2}`);
  const large = add("large", new Uint8Array(100_000));
  await expect(large).rejects.toHaveProperty("code", "store_full");
  expect(queue.isFull).toBe(true);
  expect(notes()).toEqual(["before"]);
  connection.pragma("max_page_count = 100000");
  await add("after");
  expect(queue.isFull).toBe(false);
});

it("refuses what waits when no transaction can begin, and goes on when one can", async () => {
  const { add } = openQueue();
  connection.exec("BEGIN");
  const outcomes = await Promise.allSettled([add("a"), add("b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  connection.exec("ROLLBACK");
  await add("c");
  expect(notes()).toEqual(["c"]);
});

it("commits at close what was asked for, and takes no more", async () => {
  const { queue, add } = openQueue();
  const last = add("last");
  queue.close();
  await last;
  expect(notes()).toEqual(["last"]);
  await expect(add("late")).rejects.toHaveProperty("code", "store_unavailable");
});
