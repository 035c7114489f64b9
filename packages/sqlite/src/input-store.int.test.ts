import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inputChunkBytes } from "@workstream/core";
import { newTask, testClock } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { openSqliteStores, type SqliteStoreOptions } from "./open-stores.ts";

let path = "";
const clock = testClock();
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-inputs-")), "store.db");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

function open(options: Partial<SqliteStoreOptions> = {}) {
  return openSqliteStores({ path, now: clock.now, ...options });
}

/** What the closed file holds of inputs. */
function storedInputs(): unknown[] {
  const connection = connect(path);
  const row = connection
    .prepare("SELECT (SELECT count(*) FROM inputs), bytes FROM input_total")
    .first<number[]>();
  connection.release();
  return [...(row ?? [])];
}

const file = { contentKind: "file", content: "report.pdf" } as const;

it("sweeps the bytes of a deleted task, after a restart too", async () => {
  const stores = await open();
  const id = stores.tasks.mintId();
  const writer = await stores.inputs.open(id);
  for (let chunk = 0; chunk < 12; chunk++) await writer.write(new Uint8Array(inputChunkBytes));
  await stores.tasks.enqueue(newTask(id, file));
  await stores.tasks.delete(id);
  await stores.close();
  expect(storedInputs()).not.toEqual([0, 0]);
  const again = await open();
  for (let turn = 0; turn < 50; turn++) await again.tasks.pause(`q${turn}`);
  await again.close();
  expect(storedInputs()).toEqual([0, 0]);
});

it("refuses bytes past the bound, at the first write that would pass it", async () => {
  const stores = await open({ maxInputBytes: 2 * inputChunkBytes });
  const writer = await stores.inputs.open(stores.tasks.mintId());
  await writer.write(new Uint8Array(2 * inputChunkBytes));
  await expect(writer.write(new Uint8Array(1))).rejects.toHaveProperty("code", "store_full");
  const text = newTask(stores.tasks.mintId(), { content: "x".repeat(5_000) });
  await expect(stores.tasks.enqueue(text)).rejects.toMatchObject({
    ...{ code: "store_full", message: expect.stringContaining("MAX_INPUT_BYTES") },
  });
  await stores.tasks.enqueue(newTask(stores.tasks.mintId(), { content: "x".repeat(500) }));
  await stores.close();
});

it("refuses to go on with an upload that has lapsed", async () => {
  const stores = await open();
  const writer = await stores.inputs.open(stores.tasks.mintId());
  await writer.write(new Uint8Array(10));
  await writer.abort();
  await expect(writer.write(new Uint8Array(10))).rejects.toHaveProperty("code", "not_found");
  await stores.close();
});

it("keeps texts out of sight of those who read files", async () => {
  const stores = await open();
  const id = stores.tasks.mintId();
  const content = `${"ü".repeat(200_000)}\0end`;
  await stores.tasks.enqueue(newTask(id, { content }));
  expect(await stores.inputs.read(id)).toBeNull();
  expect((await stores.tasks.get(id))?.content).toBe(content);
  await stores.close();
});

it("tells a reader when the input goes while it is read", async () => {
  const stores = await open();
  const id = stores.tasks.mintId();
  const writer = await stores.inputs.open(id);
  await writer.write(new Uint8Array(4 * inputChunkBytes));
  await stores.tasks.enqueue(newTask(id, file));
  const reading = (await stores.inputs.read(id))?.[Symbol.asyncIterator]();
  expect((await reading?.next())?.value).toHaveLength(inputChunkBytes);
  await stores.tasks.delete(id);
  for (let turn = 0; turn < 20; turn++) await stores.tasks.pause(`q${turn}`);
  await expect(reading?.next()).rejects.toHaveProperty("code", "not_found");
  await stores.close();
});
