/** A real Cluster whose slots are moved to another node while tasks are accepted and run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isErrorCode, type SettleRequest, type Stores } from "@workstream/core";
import {
  claimRequest,
  complete,
  newTask,
  type RedisCluster,
  startRedisCluster,
  until,
  workerId,
} from "@workstream/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openRedisStores } from "../open-redis-stores.ts";
import { freshPrefix } from "../redis-test.fixture.ts";
import { SlotMove } from "./slot-move.fixture.ts";

let cluster: RedisCluster;
let stores: Stores;
let prefix: string;
/** Tasks that may have been accepted. */
let unsure: Set<string>;

beforeAll(async () => {
  cluster = await startRedisCluster(3);
}, 60_000);

afterAll(async () => {
  await cluster?.stop();
});

beforeEach(() => {
  prefix = `{${freshPrefix()}}:`;
  unsure = new Set();
});

afterEach(async () => {
  await stores.close();
});

const open = async (partitions = 1) => {
  stores = await openRedisStores({ url: cluster.url, prefix, partitions, commandTimeoutMs: 3_000 });
};

async function enqueue(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => stores.tasks.mintId());
  for (const id of ids) await stores.tasks.enqueue(newTask(id));
  return ids;
}

/** The id of a task that was accepted. */
function tryEnqueue(): Promise<string | null> {
  const id = stores.tasks.mintId();
  return stores.tasks.enqueue(newTask(id)).then(
    () => id,
    (error: unknown) => {
      if (isErrorCode(error, "outcome_unknown")) unsure.add(id);
      return null;
    },
  );
}

const done = (act: Promise<unknown>) =>
  act.then(
    () => true,
    () => false,
  );

async function areSettled(attempts: readonly SettleRequest[]): Promise<boolean> {
  const answer = await stores.tasks.settle(workerId, attempts).catch(() => null);
  return answer?.outcomes.every((outcome) => outcome === "settled") ?? false;
}

async function claim() {
  const request = claimRequest({ queues: { primary: 20 }, limit: 20 });
  return stores.tasks.claim(request).catch(async (error: unknown) => {
    if (isErrorCode(error, "outcome_unknown")) {
      await until("what it may have taken to be back", () => done(stores.tasks.recover(workerId, [])));
    }
    return [];
  });
}

/** Claims and completes what there is; tells what was run. */
async function workOff(): Promise<string[]> {
  const attempts = (await claim()).map(({ id, token }) => ({ id, token, settlement: complete }));
  if (attempts.length === 0) return [];
  await until("every settlement", () => areSettled(attempts), { timeoutMs: 20_000 });
  return attempts.map(({ id }) => id);
}

async function expectAllCompletedOnce(accepted: readonly string[], ran: readonly string[]): Promise<void> {
  const rest = [...ran];
  await until(
    "the rest",
    async () => {
      rest.push(...(await workOff()));
      const status = await stores.tasks.status().catch(() => null);
      return status?.states.PENDING === 0 && status.states.ACTIVE === 0;
    },
    { timeoutMs: 25_000 },
  );
  expect(new Set(rest).size).toBe(rest.length);
  expect(rest.filter((id) => !unsure.has(id)).toSorted()).toEqual(accepted.toSorted());
}

describe("a slot that is halfway to another node", () => {
  it("takes nothing, gives nothing, and has all when it has arrived", async () => {
    await open();
    const accepted = await enqueue(30);
    const claimed = await stores.tasks.claim(claimRequest({ queues: { primary: 10 }, limit: 10 }));
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: complete }));
    const move = await SlotMove.begin(cluster, prefix);
    await move.carry(20);

    const refused = { code: "store_unavailable" };
    await expect(stores.tasks.enqueue(newTask(stores.tasks.mintId()))).rejects.toMatchObject(refused);
    await expect(stores.tasks.claim(claimRequest())).rejects.toMatchObject(refused);
    await expect(stores.tasks.settle(workerId, attempts)).rejects.toMatchObject(refused);
    await expect(stores.tasks.status()).rejects.toMatchObject(refused);
    await expect(stores.tasks.pause("primary")).rejects.toMatchObject(refused);
    for (const id of accepted.slice(-3)) {
      await expect(stores.tasks.cancel(id, "test")).rejects.toMatchObject(refused);
    }

    await move.end();
    await until("it to settle", () => areSettled(attempts));
    await expectAllCompletedOnce(
      accepted,
      attempts.map(({ id }) => id),
    );
  });

  it("leaves the other partitions at work", async () => {
    await open(3);
    const accepted = await enqueue(60);
    const move = await SlotMove.begin(cluster, prefix);
    await move.carry(20);
    const ran: string[] = [];
    for (let round = 0; round < 4; round++) {
      for (let count = 0; count < 3; count++) {
        const id = await tryEnqueue();
        if (id) accepted.push(id);
      }
      ran.push(...(await workOff()));
    }
    expect(ran.length).toBeGreaterThan(20);
    await move.end();
    await expectAllCompletedOnce(accepted, ran);
  }, 60_000);
});

describe("redis-cli --cluster reshard", () => {
  it("loses and doubles nothing of what is accepted and run meanwhile", async () => {
    await open(3);
    const accepted = await enqueue(1_500);
    const ran: string[] = [];
    let isOver = false;
    const accepting = async () => {
      while (!isOver) {
        const id = await tryEnqueue();
        if (id) accepted.push(id);
      }
    };
    const running = async () => {
      while (!isOver) ran.push(...(await workOff()));
    };
    const traffic = [accepting(), running()];
    const [from, to] = cluster.nodes;
    const [fromId, toId] = await Promise.all([from, to].map(SlotMove.nodeId));
    // Keys one at a time, so that the move of a slot takes long enough to be met.
    const reshard = [
      ...["--cluster", "reshard", `127.0.0.1:${from?.port}`, "--cluster-slots", "6000", "--cluster-yes"],
      ...["--cluster-from", fromId ?? "", "--cluster-to", toId ?? "", "--cluster-pipeline", "1"],
    ];
    try {
      await promisify(execFile)("redis-cli", reshard, { maxBuffer: 16 * 1_024 ** 2 });
    } finally {
      isOver = true;
      await Promise.all(traffic);
    }
    await expectAllCompletedOnce(accepted, ran);
  }, 120_000);
});
