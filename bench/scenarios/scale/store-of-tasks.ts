/**
 * A store with many tasks in several states: six in ten wait, three are completed, one is dead. One in ten is of the queue
 * `reports`; of four types one is rare. Everything went through the ports.
 */
import {
  defaultRetryRatio,
  type NewTask,
  primaryQueue,
  type SettleRequest,
  type Stores,
} from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { BenchServer } from "../../bench-server.ts";
import { say } from "../../interleave.ts";
import { hundredBytes } from "../../sides/producer.ts";

export type StoreOfTasks = {
  server: BenchServer;
  isDurable: boolean;
  stores: Stores;
  size: number;
  /** Of tasks in the middle, by the state they were left in. */
  waiting: string[];
  dead: string[];
  close(): Promise<void>;
};

const [batch, settledAtOnce, inFlight, sampled] = [1_000, 500, 4, 2_000];
const workerId = "bench-1-filler";

export async function storeOfTasks(size: number, isDurable: boolean): Promise<StoreOfTasks> {
  const store = await emptyStore(size, isDurable);
  const startedAt = performance.now();
  const dead: string[] = [];
  const ids = await enqueueAll(store.stores, size);
  await settleSome(store.stores, { settled: Math.floor(size * 0.4), dead });
  say(`${size} tasks in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  // The head of a lane was claimed, so what was enqueued last still waits.
  const waiting = ids.slice(Math.floor(ids.length * 0.7), Math.floor(ids.length * 0.7) + sampled);
  return { ...store, waiting, dead: dead.slice(0, sampled) };
}

/** `size`: how many tasks it is to get. */
export async function emptyStore(size: number, isDurable: boolean): Promise<StoreOfTasks> {
  const server = await BenchServer.start({ isDurable });
  const stores = await openRedisStores({ url: server.url });
  const close = async () => {
    await stores.close();
    await server.stop();
  };
  return { server, isDurable, stores, size, waiting: [], dead: [], close };
}

/** Makes as many waiting tasks as the size says, and nothing else. */
export async function enqueueOnly({ server, stores, size }: StoreOfTasks): Promise<void> {
  await server.empty();
  await enqueueAll(stores, size);
}

/** Makes as many dead letters as the size says, and nothing else. */
export async function buryAll({ server, stores, size }: StoreOfTasks): Promise<void> {
  await server.empty();
  const startedAt = performance.now();
  await enqueueAll(stores, size, () => primaryQueue);
  await settleSome(stores, { settled: size, dead: [] }, () => true);
  say(`${size} dead letters in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** Ids of those in primary, oldest first. */
async function enqueueAll({ tasks }: Stores, size: number, queueOf = aTenthReports): Promise<string[]> {
  const ids: string[] = [];
  let made = 0;
  const lane = async () => {
    while (made < size) {
      const from = made;
      made += batch;
      const count = Math.min(batch, size - from);
      const many = Array.from({ length: count }, (_, n) => taskOf(tasks.mintId(), from + n, queueOf));
      await tasks.enqueueBatch(many);
      for (const { id, queue } of many) if (queue === primaryQueue) ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return ids;
}

const aTenthReports = (n: number) => (n % 10 === 9 ? "reports" : primaryQueue);

function taskOf(id: string, n: number, queueOf: (n: number) => string): NewTask {
  return newTask(id, {
    type: n % 1_000 === 999 ? "rare" : `type-${n % 3}`,
    queue: queueOf(n),
    content: hundredBytes,
  });
}

const aQuarter = (n: number) => n % 4 === 3;

async function settleSome(
  { tasks }: Stores,
  order: { settled: number; dead: string[] },
  isBuried = aQuarter,
): Promise<void> {
  const next = (limit: number) => ({
    ...{
      workerId,
      queues: { [primaryQueue]: limit },
      limit,
      leaseMs: 3_600_000,
      retryRatio: defaultRetryRatio,
    },
  });
  let claimed = await tasks.claim(next(settledAtOnce));
  for (let done = 0; claimed.length > 0; ) {
    done += claimed.length;
    const attempts: SettleRequest[] = claimed.map(({ id, token, type }, n) => {
      if (!isBuried(n)) return { id, token, type, settlement: { kind: "complete", result: "done" } };
      order.dead.push(id);
      const error = `It broke at ${n}.`;
      return { id, token, settlement: { kind: "fail", error, errorType: "Default", next: { to: "DLQ" } } };
    });
    const left = Math.min(settledAtOnce, order.settled - done);
    claimed = (await tasks.settle(workerId, attempts, ...(left > 0 ? [next(left)] : []))).claimed;
  }
}
