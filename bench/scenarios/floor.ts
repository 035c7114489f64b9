/**
 * What bounds accepting and processing: the time that Redis spends in our scripts, beside the time of the commands alone that
 * the names and types of the keys (docs/redis-keys.md) ask for, in scripts that do nothing else. No script can be faster.
 * A caller that waits for one bulk before it makes the next adds its own time, for then neither works while the other does.
 */
import { defaultRetryRatio, primaryQueue, type SettleRequest } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { Redis } from "ioredis";
import { type BenchServer, withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import { hundredBytes, type Producer } from "../sides/producer.ts";

/** Microseconds of Redis a task: in scripts, and of its thread with all that comes with them. */
type Step = { scripts: number; thread: number };
type Cost = { accept: Step; run: Step };
type Options = { tasks: number; isDurable: boolean };

const perAccept = 250;
const perRun = 125;
const worker = "host-1-bench";

/** ARGV: ids. */
const bareAccept = `#!lua
local all = {}
for i, id in ipairs(ARGV) do
  redis.call("HSET", "task:" .. id, "task_id", id, "task_type", "noop", "queue", "primary", "state", "PENDING",
    "metadata", "{}", "retry_count", "0", "max_retries", "3", "created_at", "1767268800000", "updated_at", "1767268800000",
    "lease", "text,3,noop", "content", "${hundredBytes}")
  all[2 * i - 1], all[2 * i] = "1767268800000", id
end
redis.call("RPUSH", "tasks:pending:primary", unpack(ARGV))
redis.call("ZADD", "tasks:index", unpack(all))
redis.call("ZADD", "tasks:index:type:noop", unpack(all))`;

/** ARGV: how many to complete and to claim. Each call completes what the one before it claimed, as a busy worker does. */
const bareRun = `#!lua
local held, scored = redis.call("LRANGE", "held", 0, -1), {}
for i, id in ipairs(held) do
  redis.call("HSET", "task:" .. id, "state", "COMPLETED", "updated_at", "1767268800000", "completed_at", "1767268800000",
    "result", "null")
  scored[2 * i - 1], scored[2 * i] = "1767268800000", id
end
if #held > 0 then
  redis.call("ZREM", "tasks:active", unpack(held))
  redis.call("SREM", "worker:active_tasks", unpack(held))
  redis.call("ZADD", "tasks:completed", unpack(scored))
  redis.call("DEL", "held")
end
local ids, answer, leases = redis.call("LRANGE", "tasks:pending:primary", 0, ARGV[1] - 1), {}, {}
for i, id in ipairs(ids) do
  local read = redis.call("HMGET", "task:" .. id, "lease", "state", "content")
  redis.call("HSET", "task:" .. id, "state", "ACTIVE", "updated_at", "1767268800000", "started_at", "1767268800000",
    "worker_id", "host-1-bench", "lease", "1767268800000000")
  answer[2 * i - 1], answer[2 * i] = id, read[3]
  leases[2 * i - 1], leases[2 * i] = "1767268830000", id
end
if #ids == 0 then return {} end
redis.call("LTRIM", "tasks:pending:primary", #ids, -1)
redis.call("ZADD", "tasks:active", unpack(leases))
redis.call("SADD", "worker:active_tasks", unpack(ids))
redis.call("RPUSH", "held", unpack(ids))
return answer`;

async function costOf(server: BenchServer, tasks: number, act: () => Promise<unknown>): Promise<Step> {
  await server.resetCounts();
  const thread = await server.threadMicros();
  await act();
  return {
    scripts: (await server.scriptMicros()) / tasks,
    thread: ((await server.threadMicros()) - thread) / tasks,
  };
}

async function bare({ tasks, isDurable }: Options): Promise<Cost> {
  return withServer({ isDurable }, async (server) => {
    const redis = new Redis(server.url);
    const { tasks: store, close } = { ...(await openRedisStores({ url: server.url })) };
    const ids = () => Array.from({ length: perAccept }, () => store.mintId());
    const accept = async (count: number) => {
      for (let done = 0; done < count; done += perAccept) await redis.eval(bareAccept, 0, ...ids());
    };
    const run = async (count: number) => {
      for (let done = 0; done <= count; done += perRun) await redis.eval(bareRun, 0, perRun);
    };
    await accept(tasks / 10);
    await run(tasks / 10);
    const cost = {
      accept: await costOf(server, tasks, () => accept(tasks)),
      run: await costOf(server, tasks, () => run(tasks)),
    };
    redis.disconnect();
    await close();
    return cost;
  });
}

async function whole({ tasks, isDurable }: Options): Promise<Cost> {
  return withServer({ isDurable }, async (server) => {
    const stores = await openRedisStores({ url: server.url });
    const noop = () => newTask(stores.tasks.mintId(), { type: "noop", content: hundredBytes });
    const accept = async (count: number) => {
      for (let done = 0; done < count; done += perAccept) {
        await stores.tasks.enqueueBatch(Array.from({ length: perAccept }, noop));
      }
    };
    const next = {
      ...{ workerId: worker, queues: { [primaryQueue]: perRun }, limit: perRun },
      ...{ leaseMs: 30_000, retryRatio: defaultRetryRatio },
    };
    const run = async () => {
      let claimed = await stores.tasks.claim(next);
      while (claimed.length > 0) {
        const settlement = { kind: "complete", result: "null" } as const;
        const attempts = claimed.map(
          ({ id, token, type }): SettleRequest => ({ id, token, type, settlement }),
        );
        ({ claimed } = await stores.tasks.settle(worker, attempts, next));
      }
    };
    await accept(tasks / 10);
    await run();
    const cost = {
      accept: await costOf(server, tasks, () => accept(tasks)),
      run: await costOf(server, tasks, run),
    };
    await stores.close();
    return cost;
  });
}

/** What accepting a task in bulk takes, by the clock, beside Redis's time in scripts. µs */
async function besideRedis({ tasks, isDurable }: Options): Promise<number> {
  return withServer({ isDurable }, (server) =>
    withSide<Producer, number>("workstream-producer", { url: server.url }, async (producer) => {
      const order = { tasks, size: 1_000 };
      await producer.ask("addBulk", order);
      await server.resetCounts();
      const micros = 1e6 / (await producer.ask("addBulk", order));
      // A tenth of the order comes before it, as warm-up.
      return micros - (await server.scriptMicros()) / (1.1 * tasks);
    }),
  );
}

export const floor: Scenario = {
  name: "floor",
  describes:
    "Time that Redis spends on a no-op in our scripts, beside that of the commands alone which the keys ask for.",
  size: 50_000,
  hasDurable: true,
  async run({ runs, tasks, isDurable }) {
    const options = { tasks, isDurable };
    const costs = { ours: [] as Cost[], bare: [] as Cost[] };
    const noted = async (side: keyof typeof costs, measure: Promise<Cost>) => {
      const cost = await measure;
      costs[side].push(cost);
      return cost.accept.thread + cost.run.thread;
    };
    await interleave(runs, {
      workstream: () => noted("ours", whole(options)),
      commands: () => noted("bare", bare(options)),
    });
    const beside: number[] = [];
    for (let run = 0; run < runs; run++) beside.push(await besideRedis(options));
    const part = (step: keyof Cost, of: keyof Step) => ({
      ours: costs.ours.map((cost) => cost[step][of]),
      peer: { name: "its commands alone", figures: costs.bare.map((cost) => cost[step][of]) },
    });
    return [
      row("Redis's time in scripts to accept a task, 250 a script", "µs", part("accept", "scripts")),
      row("… to claim and complete it, 125 a script", "µs", part("run", "scripts")),
      row("CPU of Redis's thread to accept a task, all included", "µs", part("accept", "thread")),
      row("… to claim and complete it", "µs", part("run", "thread")),
      row("accepting it in bulks of 1,000 takes beside: the caller, and the way", "µs", { ours: beside }),
    ];
  },
};
