/** A batch whose keys live in both of two partitions, and what is left of it when it is cut between them. */
import type { NewTask, Stores } from "@workstream/core";
import { newTask, type RedisServer, startRedisServer, until } from "@workstream/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openRedisStores } from "../open-redis-stores.ts";
import { freshPrefix } from "../redis-test.fixture.ts";
import { homeOfKey } from "./partition-ids.ts";

const servers: RedisServer[] = [];
const raws: Redis[] = [];
const opened: Stores[] = [];
/** Keys by the partition in which they live. */
const keysOf = (index: number) =>
  Array.from({ length: 40 }, (_, number) => `item-${number}`)
    .filter((key) => homeOfKey(key, 2) === index)
    .slice(0, 4);
let prefix = "";

beforeAll(async () => {
  servers.push(...(await Promise.all([startRedisServer(), startRedisServer()])));
  raws.push(...servers.map(({ url }) => new Redis(url)));
});

beforeEach(() => {
  prefix = freshPrefix();
});

afterEach(async () => {
  await raws[1]?.config("SET", "maxmemory", "0");
  await raws[1]?.call("CLIENT", "UNPAUSE");
  for (const stores of opened.splice(0)) await stores.close();
});

afterAll(async () => {
  for (const raw of raws) raw.disconnect();
  await Promise.all(servers.map((server) => server.stop()));
});

async function openGateway(): Promise<Stores> {
  const url = servers.map((server) => server.url).join(" ");
  const stores = await openRedisStores({ url, prefix, commandTimeoutMs: 1_000 });
  opened.push(stores);
  return stores;
}

/** The same request each time it is made, with ids of its own as a gateway mints them. */
function batch({ tasks }: Stores): NewTask[] {
  return [...keysOf(0), ...keysOf(1)].map((key) =>
    newTask(tasks.mintId(), { idempotency: { key, fingerprint: "f" } }),
  );
}

const created = async ({ tasks }: Stores) => (await tasks.status()).states.PENDING;

/** Whoever asks again has all of it, each task once, and those that were there before as they were. */
async function expectCompleted(gateway: Stores, before: readonly string[]): Promise<void> {
  const outcomes = await gateway.tasks.enqueueBatch(batch(gateway));
  expect(outcomes.slice(0, 4)).toEqual(before.map((id) => ({ outcome: "exists", id })));
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(8);
  for (const { id } of outcomes) expect(await gateway.tasks.get(id)).toMatchObject({ state: "PENDING" });
  expect(await created(gateway)).toBe(8);
  const again = await gateway.tasks.enqueueBatch(batch(gateway));
  expect(again).toEqual(outcomes.map(({ id }) => ({ outcome: "exists", id })));
  expect(await created(gateway)).toBe(8);
}

it("is completed by the same batch when the second partition was full", async () => {
  const gateway = await openGateway();
  await raws[1]?.config("SET", "maxmemory", "1");
  const first = batch(gateway);
  await expect(gateway.tasks.enqueueBatch(first)).rejects.toMatchObject({ code: "store_full" });
  expect(await created(gateway)).toBe(4);
  await raws[1]?.config("SET", "maxmemory", "0");
  await expectCompleted(
    gateway,
    first.slice(0, 4).map(({ id }) => id),
  );
});

it("is completed by the same batch at another gateway when its own was gone before the second partition answered", async () => {
  const [gone, other] = [await openGateway(), await openGateway()];
  await raws[1]?.call("CLIENT", "PAUSE", "60000", "WRITE");
  const first = batch(gone);
  const cut = gone.tasks.enqueueBatch(first).catch((error: unknown) => error);
  await until("the first part", async () => (await created(other)) === 4);
  await gone.close();
  opened.splice(opened.indexOf(gone), 1);
  await raws[1]?.call("CLIENT", "UNPAUSE");
  await expectCompleted(
    other,
    first.slice(0, 4).map(({ id }) => id),
  );
  expect(await cut).toBeInstanceOf(Error);
});
