/** The program itself on two Redis servers: a gateway and two workers, asked over HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, runCli, startCli, startRedisServer, stopAll, until } from "@workstream/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const servers: RedisServer[] = [];
let directory = "";
let url = "";
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "workstream-partitions-"));
  servers.push(await startRedisServer(), await startRedisServer());
  env = { REDIS_URL: servers.map((server) => server.url).join(" "), API_PORT: "0" };
  const api = startCli(["api"], { cwd: directory, env });
  const workers = [
    startCli(["worker"], { cwd: directory, env }),
    startCli(["worker"], { cwd: directory, env }),
  ];
  const [, address = ""] = await api.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
  for (const worker of workers) await worker.prints(/"msg":"ready"/);
  url = address;
  env = { ...env, WORKSTREAM_URL: url };
}, 60_000);

afterAll(async () => {
  await stopAll();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

type Page = { tasks: { task_id: string }[]; total_items: number };

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(url + path)).json()) as T;
}

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status).toBe(201);
  return (await response.json()) as Record<string, unknown>;
}

const text = (number: number) =>
  `Rain fell for ${number} days. The river rose. On the last day the bridge was closed.`;
const completed = async () =>
  (await get<{ states: Record<string, number> }>("/api/v1/queues/status")).states.COMPLETED ?? 0;

// One story, told in its order: they list what they completed, and then lose a server that keeps nothing.
describe("a gateway and two workers on two servers", { shuffle: false }, () => {
  it("complete what comes by HTTP, singly and in batches", async () => {
    for (let number = 0; number < 30; number++)
      await post("/api/v1/tasks/summarize", { content: text(number) });
    const tasks = Array.from({ length: 20 }, (_, number) => ({ type: "summarize", input: text(number) }));
    await post("/api/v1/tasks/batch", { tasks });
    await until("all of them", async () => (await completed()) === 50, { timeoutMs: 20_000 });
    for (const server of servers) {
      const redis = new Redis(server.url);
      const [prefix = ""] = [server === servers[0] ? "" : "p1:"];
      expect(await redis.zcard(`${prefix}tasks:completed`)).toBeGreaterThanOrEqual(15);
      redis.disconnect();
    }
  });

  it("list them as one, in order, over pages", async () => {
    const seen: Page["tasks"] = [];
    for (let page = 1; page <= 4; page++) {
      const { tasks, total_items } = await get<Page>(
        `/api/v1/tasks?status=COMPLETED&page=${page}&page_size=15`,
      );
      expect(total_items).toBe(50);
      seen.push(...tasks);
    }
    expect(new Set(seen.map(({ task_id }) => task_id)).size).toBe(50);
    const workers = await get<{ healthy_workers: number }>("/api/v1/workers");
    expect(workers.healthy_workers).toBe(2);
  });

  it("are told apart by the doctor when one server is away", async () => {
    const well = await runCli(["doctor", "--json"], { cwd: directory, env });
    expect(well.stdout).toContain("Redis redis://");
    await servers[1]?.kill();
    const health = await until("the gateway to see it", async () => {
      const response = await fetch(`${url}/ready`);
      return response.status === 503 ? response : null;
    });
    expect(health.status).toBe(503);
    await servers[1]?.restart();
    await until("both", async () => (await fetch(`${url}/ready`)).status === 200, { timeoutMs: 15_000 });
  });

  it("refuse fewer partitions than servers", async () => {
    const { code, stderr, stdout } = await runCli(["api"], {
      cwd: directory,
      env: { ...env, REDIS_PARTITIONS: "1" },
    });
    expect(code).not.toBe(0);
    expect(stderr + stdout).toContain("use 2 or more, for REDIS_URL names 2 servers");
  });
});
