/**
 * docs/redis-keys.md, from a real Redis: a store is driven until every key of the catalogue has been there, and each is
 * shown with what TYPE says and a sample. Ids and the server's run id are replaced, so the page is always the same.
 */
import { randomBytes } from "node:crypto";
import type { GuardPolicy, ParkedFor, Stores, WorkerBeat } from "@workstream/core";
import { type KeyEntry, keyCatalog } from "@workstream/redis";
import { Redis } from "ioredis";
import { lifecycleScenarios, toldHistory } from "./lifecycle-scenarios.ts";
import { newTask } from "./new-task.ts";
import { type OpenedStores, type StoreSource, startStoreSource } from "./store-source.ts";
import { failed, park, TaskDriver, workerId } from "./task-driver.ts";
import { taskInState } from "./task-in-state.ts";

type Seen = Map<KeyEntry, { type: string; sample: string }>;

/** @throws when a key has another type than the catalogue says, is not in it, or never appeared */
export async function redisKeysDocument(): Promise<string> {
  const source = await startStoreSource("redis");
  try {
    const seen = await seeEveryKey(source);
    const missing = keyCatalog.filter((entry) => entry.type !== "channel" && !seen.has(entry));
    if (missing.length > 0)
      throw new Error(`Never seen: ${missing.map(({ pattern }) => pattern).join(", ")}`);
    return page(seen, await seeEveryStep(source));
  } finally {
    await source.stop();
  }
}

async function seeEveryKey(source: StoreSource): Promise<Seen> {
  const opened = await source.open({ place: "" });
  const redis = new Redis(opened.redisUrl ?? "");
  const seen: Seen = new Map();
  try {
    await fillStates(opened);
    await fillInputs(opened.stores);
    for (const service of ["openrouter", "mail"]) await fillService(opened, service);
    await operate(opened.stores);
    await redis.hset("partition", { index: 0, count: 2, changed_at: opened.clock.now() });
    await look(redis, seen);
    await lookDuringBatch(opened.stores, redis, seen);
    await markRemoved(opened, redis);
    await look(redis, seen);
    return seen;
  } finally {
    redis.disconnect();
    await opened.stores.close();
  }
}

/** Tasks in every state, on primary and on a named queue, in every lane, and a worker that beats. */
async function fillStates(opened: OpenedStores): Promise<void> {
  const driver = new TaskDriver(opened);
  for (const state of ["COMPLETED", "FAILED", "DLQ", "CANCELLED", "SCHEDULED", "ACTIVE"] as const) {
    await taskInState(driver, state, { metadata: '{"source":"example"}' });
  }
  await gather(driver, opened.stores, await taskInState(driver, "ACTIVE", { queue: "reports" }));
  for (const queue of ["primary", "reports"]) {
    const { id } = await taskInState(driver, "CANCELLED", { queue });
    await driver.tasks.retry(id, { resetRetryCount: false });
    for (const priority of ["high", "normal", "low"] as const) await driver.enqueue({ queue, priority });
  }
  await driver.claimOne({ queues: { reports: 1 } });
  await driver.enqueue({ idempotency: { key: "invoice-17", fingerprint: "5f1c…" } });
  await driver.settle(
    await driver.claimOne(),
    failed({ to: "SCHEDULED", delayMs: 5_000 }, "ServiceUnavailable"),
  );
  await driver.tasks.reap({ leaseMs: 30_000, maxLostWorkers: 3, limit: 10 });
  await driver.tasks.pause("reports");
  await opened.stores.workers.beat(beat);
}

/** An operation that matches nothing, done to its end. */
async function operate({ operations, tasks }: Stores): Promise<void> {
  const [id, lease] = [tasks.mintId(), { owner: "gateway-1", leaseMs: 20_000 }];
  const filter = { type: "none" };
  const request = { action: "delete", filter, taskIds: null, limit: null, resetRetryCount: false } as const;
  const asked = { task_type: "none" };
  await operations.create(
    { id, request: { ...request, asked }, count: { matched: 0, isEstimate: false } },
    lease,
  );
  while ((await operations.step(id, lease)) === "more") {}
}

/** What an attempt says and remembers, a result that is kept and one that is being computed. */
async function gather(
  driver: TaskDriver,
  { outputs, steps, cache }: Stores,
  { id, token }: { id: string; token: string | null },
): Promise<void> {
  const running = { id, token: token ?? "" };
  const entries = [
    { kind: "reset", text: "" },
    { kind: "output", text: "The first sentence." },
  ] as const;
  await outputs.append(workerId, running, entries);
  await steps.write(workerId, running, { name: "page 1", value: '{"text":"…"}' });
  for (const key of ["kept", "under way"]) await cache.begin(key, id, 300_000);
  await cache.put("kept", id, { text: "A summary.", ttlMs: 3_600_000 });
  const busy = await cache.begin("under way", "another", 300_000);
  if (busy.kind === "busy")
    await parkOne(driver, { name: busy.waitsFor, why: "Another task computes the same result." });
}

async function parkOne(driver: TaskDriver, parking: ParkedFor): Promise<void> {
  await driver.ran(park(60_000, parking), { queue: "parked" });
}

const beat: WorkerBeat = {
  workerId,
  hostname: "host",
  pid: 1,
  version: "0.1.0",
  concurrency: 10,
  highPrioritySlots: 0,
  queues: ["primary", "reports"],
  types: ["echo"],
  isDraining: false,
  completed: 1,
  failed: 2,
  eventLoopLagMs: 3,
  memoryBytes: 90_000_000,
  claimLoopAgeMs: 20,
};

async function fillInputs({ inputs, tasks }: Stores): Promise<void> {
  const kept = tasks.mintId();
  await (await inputs.open(kept)).write(Buffer.from("%PDF-1.7 …"));
  await tasks.enqueue(newTask(kept, { contentKind: "file", content: "paper.pdf" }));
  await (await inputs.open(tasks.mintId())).write(Buffer.from("%PDF-1.7 … and nobody claims it"));
}

/** A service with two limits, a call that went through and one that was told to wait, and a check under way. */
async function fillService(opened: OpenedStores, service: string): Promise<void> {
  const { guards, services } = opened.stores;
  const policy = { ...guardPolicy, service };
  await guards.configure(policy);
  const request = { cost: 1, isReturning: false, tokens: 700 };
  const { answers } = await guards.acquire(policy, [request, request], 2_000);
  const [first = "", second = ""] = answers.map((answer) => (answer.kind === "park" ? "" : answer.turn));
  const learnedLimit = { requests: 200, intervalMs: 10_000 };
  await guards.record(policy, [
    { ...ended, turn: first, outcome: "success", tokensUsed: 640, serviceState: "active" },
    { ...ended, turn: second, outcome: "failure", holdMs: 5_000, learnedLimit, serviceState: "rate_limited" },
  ]);
  await guards.acquire(policy, [request], 0);
  await parkOne(new TaskDriver(opened), { name: service, why: `Service "${service}" has no turn free.` });
  await guards.changeLimit(service, { requests: 220, intervalMs: 10_000 });
  await guards.acquire(policy, [request], 2_000);
  const check = {
    state: "active",
    message: "",
    errorDetails: null,
    balance: 8.5,
    usageToday: 0.4,
    usageMonth: 3.1,
  };
  await services.writeCheck(service, check, { warning: 10, critical: 5 });
  await services.beginCheck(service, 30_000);
}

const guardPolicy: Omit<GuardPolicy, "service"> = {
  limit: { requests: 230, intervalMs: 10_000 },
  tokenLimit: { requests: 100_000, intervalMs: 60_000 },
  breaker: {
    failureThreshold: 0.5,
    volumeThreshold: 10,
    windowMs: 60_000,
    openMs: 60_000,
    probes: 3,
    probeMs: 130_000,
    rampMs: 30_000,
  },
};

const ended = {
  holdMs: null,
  learnedLimit: null,
  tokensUsed: null,
  message: "",
  promptTokens: 600,
  completionTokens: 40,
  cost: 0.0002,
};

/** The keys of a batch are there only while it is being created. */
async function lookDuringBatch({ tasks }: Stores, redis: Redis, seen: Seen): Promise<void> {
  const batchKeys = keyCatalog.filter(({ pattern }) => /batch/.test(pattern));
  for (let tries = 0; tries < 20 && batchKeys.some((entry) => !seen.has(entry)); tries++) {
    let isOver = false;
    // Under a clock that stands still ids begin anew after 4,096, and a part with such a place in it looks otherwise.
    const ids = Array.from({ length: 5_000 }, () => tasks.mintId()).toSorted();
    const batch = ids.map((id) => newTask(id));
    const creating = tasks.enqueueBatch(batch).finally(() => {
      isOver = true;
    });
    while (!isOver) for (const name of ["tasks:batches", "batch:*"]) await look(redis, seen, name);
    await creating;
  }
}

/** An id in the middle of a list of more than 20,000 is marked, not searched for. What stands around it is mere length. */
async function markRemoved(opened: OpenedStores, redis: Redis): Promise<void> {
  const driver = new TaskDriver(opened);
  const { tasks } = driver;
  for (const priority of ["high", "normal", "low"] as const) {
    const id = await driver.enqueue({ queue: "reports", priority });
    await surround(redis, `tasks:pending:reports${priority === "normal" ? "" : `:${priority}`}`);
    await tasks.cancel(id, "not wanted");
  }
  const { id: retried } = await taskInState(driver, "CANCELLED", { queue: "retries" });
  await tasks.retry(retried, { resetRetryCount: true });
  await surround(redis, "tasks:pending:retries:retry");
  await tasks.cancel(retried, "not wanted");
  const { id: dead } = await taskInState(driver, "DLQ", { queue: "fails" });
  await surround(redis, "dlq:tasks");
  await tasks.delete(dead);
}

/** Puts what the list holds into the middle of more than 20,000 ids of no task. */
async function surround(redis: Redis, list: string): Promise<void> {
  const strangers = Array.from({ length: 10_100 }, (_, index) => `no-task-${index}`);
  await redis.lpush(list, ...strangers);
  await redis.rpush(list, ...strangers);
}

/** Notes type and sample of every key that has not been seen yet; of many that match an entry, the first by name. */
async function look(redis: Redis, seen: Seen, match = "*"): Promise<void> {
  const found: string[] = [];
  for await (const keys of redis.scanStream({ match, count: 1_000 }) as AsyncIterable<string[]>)
    found.push(...keys);
  for (const key of found.sort()) await note(redis, key, seen);
}

async function note(redis: Redis, key: string, seen: Seen): Promise<void> {
  const entry = entryOf(key);
  if (seen.has(entry)) return;
  const type = await redis.type(key);
  if (type === "none") return;
  if (type !== entry.type) throw new Error(`${key} is a ${type}; the catalogue says ${entry.type}.`);
  seen.set(entry, { type, sample: stable(await sampleOf(redis, key, type)) });
}

const patterns = keyCatalog
  .filter(({ type }) => type !== "channel")
  .map((entry) => ({ entry, regex: new RegExp(`^${regexOf(entry)}$`) }))
  .sort((a, b) => placeholders(a.entry) - placeholders(b.entry));

/** The name of a group has colons of its own. */
function regexOf({ pattern }: KeyEntry): string {
  return pattern.replace("{group}", ".+").replace(/\{[^}]+\}/g, "[^:]+");
}

function placeholders({ pattern }: KeyEntry): number {
  return pattern.split("{").length;
}

function entryOf(key: string): KeyEntry {
  const match = patterns.find(({ regex }) => regex.test(key));
  if (!match) throw new Error(`${key} is not in the catalogue.`);
  return match.entry;
}

async function sampleOf(redis: Redis, key: string, type: string): Promise<string> {
  if (type === "list") return (await redis.lrange(key, 0, 0)).join(" ");
  if (type === "set") return (await redis.smembers(key)).sort().slice(0, 1).join(" ");
  if (type === "zset") return (await redis.zrange(key, "0", "0", "WITHSCORES")).join(" → ");
  if (type === "stream")
    return (await redis.xrange(key, "-", "+", "COUNT", 2)).at(-1)?.flat().join(" ") ?? "";
  if (type === "string") return (await redis.get(key)) ?? "";
  const fields = Object.entries(await redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields
    .slice(0, 40)
    .map(([field, value]) => `${field}=${value}`)
    .join(" ");
}

const longest = 600;

function stable(sample: string): string {
  const replaced = sample
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "{uuid}")
    .replace(/\b[0-9a-f]{40}\b/g, "{run_id}");
  return replaced.length > longest ? `${replaced.slice(0, longest)}…` : replaced;
}

async function seeEveryStep(source: StoreSource): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, scenario] of Object.entries(lifecycleScenarios)) {
    const opened = await source.open({ place: `t-${randomBytes(6).toString("hex")}:` });
    const driver = new TaskDriver(opened);
    const startedAt = opened.clock.now();
    const { state, stateHistory } = await driver.task(await scenario.run(driver, opened));
    rows.push(`| ${name} | ${state} | \`${toldHistory(stateHistory, startedAt)}\` |`);
    await opened.stores.close();
  }
  return rows;
}

function page(seen: Seen, steps: string[]): string {
  const rows = keyCatalog.map((entry) => {
    const sample = seen.get(entry)?.sample.replaceAll("|", "\\|") ?? "";
    return `| \`${entry.pattern}\` | ${entry.type} | ${entry.holds.replaceAll("|", "\\|")} | ${sample ? `\`${sample}\`` : ""} |`;
  });
  return `# Keys in Redis

<!-- Generated by \`npm run docs\`, and checked by the tests, from a real Redis. -->

Key names, types and field names are a public contract: operators and other programs may read them, and may push ids on pending
lists. \`REDIS_KEY_PREFIX\`, empty by default, stands before every key and channel; of several partitions each has a prefix of its own (operations.md). Instants are epoch milliseconds unless a line says otherwise; a value
that is absent has no field.

The type is what \`TYPE\` answered, the sample what was there; \`{uuid}\` stands for a task id.

| key | type | holds | sample |
|---|---|---|---|
${rows.join("\n")}

## Steps
Every step of the lifecycle, taken on a real Redis, and the state history that the task then tells: a letter for the state (P PENDING,
A ACTIVE, C COMPLETED, F FAILED, S SCHEDULED, D DLQ, X CANCELLED) and the seconds since the start.

| step | state after it | history |
|---|---|---|
${steps.join("\n")}
`;
}
