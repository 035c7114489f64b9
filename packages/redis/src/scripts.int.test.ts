import { readdirSync, readFileSync } from "node:fs";
import { latencyBucket, type Stores } from "@workstream/core";
import { claimRequest, complete, failed, newTask, workerId } from "@workstream/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { callRecord, guardPolicy, oneTurn, turnsOf } from "./guard-policy.fixture.ts";
import { keyCatalog } from "./key-catalog.ts";
import { isOwnName } from "./own-keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";
import { scriptSource } from "./script-source.ts";
import { type ScriptName, scripts } from "./scripts.ts";

const redis = useRedis();
const lua = new URL("../lua/", import.meta.url);
const names = Object.keys(scripts) as ScriptName[];

/** The body of a shared fragment, run on its own. */
function evalFragment(fragment: string, tail: string, ...args: (string | number)[]): Promise<unknown> {
  const text = readFileSync(new URL(`lib/${fragment}.lua`, lua), "utf8").replace(/^--@include.*$/gm, "");
  return redis.raw.eval(`local now, prefix, numberOf, taskKey = 0, ""\n${text}\n${tail}`, 0, ...args);
}

const builtIn = new Set(
  "function and or not if while until return in ipairs pairs next type tonumber unpack pcall math string table".split(
    " ",
  ),
);

/** Functions that a script calls and that no line before has declared, or only one inside of a lazy part that is over. */
function undeclaredCalls(text: string): string[] {
  const scopes = [new Set<string>()];
  const found = new Set<string>();
  for (const line of text.replace(/--.*$|"[^"\n]*"|'[^'\n]*'/gm, "").split("\n")) {
    for (const [, names = ""] of line.matchAll(
      /\b(?:local(?: function)?|for|function \w*\(|function\() ?([\w, ]+)/g,
    )) {
      for (const name of names.split(/[ ,]+/)) scopes.at(-1)?.add(name);
    }
    for (const [, name = ""] of line.matchAll(/(?<![.:\w])([a-zA-Z]\w*)\(/g)) {
      if (!builtIn.has(name) && !scopes.some((scope) => scope.has(name))) found.add(name);
    }
    if (/^local function make_made_/.test(line)) scopes.push(new Set());
    if (/^return \{ \w+ = /.test(line)) scopes.pop();
  }
  return [...found];
}

describe("the scripts", () => {
  it("are all declared", () => {
    const files = readdirSync(lua).filter((file) => file.endsWith(".lua"));
    expect(files.map((file) => file.slice(0, -4)).sort()).toEqual([...names].sort());
  });

  it.each(names)("%s compiles, and names no global", async (name) => {
    const { text } = scriptSource(name, scripts[name]);
    expect(text.split("\n")[0]).toMatch(/^#!lua( flags=(allow-oom|no-writes))?$/);
    expect(readFileSync(new URL(`${name}.lua`, lua), "utf8").split("\n")[1]).toMatch(
      new RegExp(`^-- ${name}: `),
    );
    await redis.raw.script("LOAD", text);
    expect(text).not.toMatch(/^\s*function /m);
    expect(undeclaredCalls(text)).toEqual([]);
  });

  it.each(readdirSync(new URL("lib/", lua)))("fragment %s is short and says what it is", (file) => {
    const lines = readFileSync(new URL(`lib/${file}`, lua), "utf8").split("\n");
    expect(lines.length).toBeLessThanOrEqual(90);
    expect(lines[0]).toMatch(new RegExp(`^-- ${file.slice(0, -4)}: `));
  });

  it("are learned again by a server that forgot them", async () => {
    const stores = await redis.open();
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    await redis.raw.script("FLUSH");
    await redis.raw.call("FUNCTION", "FLUSH");
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    expect((await stores.tasks.status()).states.PENDING).toBe(2);
  });
});

describe("a hash that another program filled with nonsense", () => {
  const nonsense = Object.fromEntries(
    [
      "retry_count",
      "max_retries",
      "created_at",
      "due_at",
      "lost",
      "lease",
      "expires_at",
      "timeout_ms",
      "parked_at",
    ].map((field) => [field, "x,y"]),
  );

  it.each([
    ["completed", complete],
    ["failed", failed({ to: "SCHEDULED", delayMs: 0 })],
    ["buried", failed({ to: "DLQ" })],
    ["parked", { kind: "snooze", delayMs: 0, isParked: true }],
  ] as const)("is run, %s and deleted like any other", async (_, settlement) => {
    const prefix = freshPrefix();
    const { tasks } = await redis.open({ prefix });
    await redis.raw.set(`${prefix}task:text`, "not a hash");
    await redis.raw.hset(`${prefix}task:odd`, {
      ...nonsense,
      task_type: "odd",
      state: "PENDING",
      content: "",
    });
    await redis.raw.rpush(`${prefix}tasks:pending:primary`, "text", "gone", "odd");
    const [claimed] = await tasks.claim(claimRequest());
    expect(claimed).toMatchObject({ id: "odd", type: "odd" });
    const attempt = { id: "odd", token: claimed?.token ?? "", settlement };
    expect((await tasks.settle(workerId, [attempt])).outcomes).toEqual(["settled"]);
    await tasks.promote(10);
    expect(await tasks.get("odd")).toMatchObject({ id: "odd" });
    expect(await tasks.delete("odd")).toMatchObject({ outcome: "deleted" });
    const { states } = await tasks.status();
    expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(0);
  });
});

describe("shared formulas", () => {
  it("put durations into the buckets of core", async () => {
    const powers = Array.from({ length: 33 }, (_, exponent) => 2 ** exponent);
    const durations = [
      ...Array.from({ length: 3_000 }, (_, ms) => ms),
      ...powers.flatMap((power) => [power - 1, power, power + 1]),
      ...Array.from({ length: 500 }, (_, index) => Math.round(1.043 ** index)),
    ];
    const tail = "local r = {} for i, ms in ipairs(ARGV) do r[i] = latencyBucket(tonumber(ms)) end return r";
    expect(await evalFragment("metrics", tail, ...durations)).toEqual(durations.map(latencyBucket));
  });

  it("write instants as ISO 8601", async () => {
    const instants = Array.from(
      { length: 1_000 },
      (_, index) => index * 86_400_000 * 41 + index * 37_123_457,
    );
    instants.push(Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(2000, 1, 29), Date.UTC(2100, 2, 1), 0);
    const tail = "local r = {} for i, ms in ipairs(ARGV) do r[i] = iso(tonumber(ms)) end return r";
    const expected = instants.map((at) => new Date(at).toISOString());
    expect(await evalFragment("history", tail, ...instants)).toEqual(expected);
  });
});

describe("the key catalogue", () => {
  const prefix = freshPrefix();
  let stores: Stores;
  let keys: Map<string, string>;

  beforeAll(async () => {
    stores = await redis.open({ prefix });
    await useEverything(stores);
    const found = await redis.raw.keys(`${prefix}*`);
    const types = await Promise.all(found.map((key) => redis.raw.type(key)));
    keys = new Map(found.map((key, index) => [key.slice(prefix.length), types[index] ?? ""]));
  });

  it("knows every key that is written", () => {
    expect([...keys.keys()].filter((key) => !isOwnName(key))).toEqual([]);
    expect(keys.size).toBeGreaterThan(25);
  });

  it.each(keyCatalog.filter(({ pattern, type }) => type !== "channel" && !pattern.includes("{")))(
    "$pattern is a $type, if it is there",
    ({ pattern, type }) => {
      expect([type, undefined]).toContain(keys.get(pattern));
    },
  );

  it("tells every field of a task", async () => {
    const documented = keyCatalog.find(({ pattern }) => pattern === "task:{uuid}")?.holds ?? "";
    const hashes = [...keys]
      .filter(([key]) => key.startsWith("task:"))
      .map(([key]) => redis.raw.hkeys(prefix + key));
    const fields = new Set((await Promise.all(hashes)).flat());
    expect([...fields].filter((field) => !documented.includes(field))).toEqual([]);
    expect(fields.size).toBeGreaterThan(15);
  });
});

async function useEverything({ tasks, inputs, workers, guards, services }: Stores): Promise<void> {
  const add = (overrides = {}) => tasks.enqueue(newTask(tasks.mintId(), overrides));
  await add({ priority: "high", timeoutMs: 5, expiresInMs: 60_000 });
  await add({ queue: "mail", priority: "low", contentKind: "json", content: "{}" });
  await add({ delayMs: 60_000, idempotency: { key: "k", fingerprint: "f" } });
  await add({ content: "x".repeat(100_000) });
  const file = tasks.mintId();
  const writer = await inputs.open(file);
  await writer.write(Buffer.from("bytes"));
  await tasks.enqueue(newTask(file, { contentKind: "file", content: "a.pdf" }));
  await (await inputs.open(tasks.mintId())).write(Buffer.from("orphan"));
  for (let count = 0; count < 6; count++) await add();
  const claimed = await tasks.claim(claimRequest());
  const ends = [
    complete,
    failed({ to: "DLQ" }),
    failed({ to: "FAILED" }),
    failed({ to: "SCHEDULED", delayMs: 1 }),
    { kind: "cancel", reason: "no" },
    { kind: "snooze", delayMs: 60_000, isParked: true },
  ] as const;
  const attempts = ends.map((settlement, at) => ({
    id: claimed[at]?.id ?? "",
    token: claimed[at]?.token ?? "",
    settlement,
  }));
  await tasks.settle(workerId, attempts);
  await tasks.extend(
    workerId,
    [{ id: claimed[6]?.id ?? "", token: claimed[6]?.token ?? "", progress: "1" }],
    1_000,
  );
  await tasks.pause("mail");
  await tasks.reap({ leaseMs: 1_000, maxLostWorkers: 3, limit: 10 });
  await workers.beat({
    workerId,
    hostname: "h",
    pid: 1,
    version: "1",
    concurrency: 1,
    highPrioritySlots: 0,
    queues: ["primary"],
    types: ["echo"],
    isDraining: false,
    completed: 0,
    failed: 0,
    eventLoopLagMs: 0,
    memoryBytes: 0,
    claimLoopAgeMs: 0,
  });
  const policy = guardPolicy({ tokenLimit: { requests: 1_000, intervalMs: 60_000 } });
  const [turn = ""] = turnsOf(await guards.acquire(policy, [oneTurn], 0));
  await guards.record(policy, [callRecord(turn, { serviceState: "active", tokensUsed: 3 })]);
  const check = {
    state: "active",
    message: "",
    errorDetails: null,
    balance: 1,
    usageToday: 1,
    usageMonth: 1,
  };
  await services.writeCheck("mail", check, { warning: 10, critical: 5 });
  await services.beginCheck("mail", 60_000);
}
