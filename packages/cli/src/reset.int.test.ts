import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRedisStores } from "@workstream/redis";
import { newTask, type RedisServer, runCli, startCli, startRedisServer, stopAll } from "@workstream/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-reset-"));
});

afterEach(async () => {
  await stopAll();
  rmSync(directory, { recursive: true });
});

describe("reset of the embedded store", () => {
  it("deletes its file when nothing runs, and only with --confirm", async () => {
    const up = startCli(["up"], { cwd: directory, env: { API_PORT: "0" } });
    const [, url = ""] = await up.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
    const env = { API_PORT: new URL(url).port };
    await runCli(["task", "add", "Rain fell. The river rose.", "--delay", "600"], { cwd: directory, env });
    up.kill("SIGTERM");
    await up.exited;
    const file = join(directory, "data", "workstream.db");
    const shown = await runCli(["reset"], { cwd: directory, env });
    expect(shown.stdout).toMatch(/SCHEDULED=1(.|\n)*Nothing was deleted/);
    expect(existsSync(file)).toBe(true);
    const done = await runCli(["reset", "--confirm"], { cwd: directory, env });
    expect(done.code).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect((await runCli(["reset"], { cwd: directory, env })).stdout).toContain("Nothing is there.");
  });
});

describe("reset of Redis", () => {
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url);
  });

  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it("deletes our keys under the prefix, and nobody else's", async () => {
    const stores = await openRedisStores({ url: server.url, prefix: "a:" });
    const other = await openRedisStores({ url: server.url, prefix: "b:" });
    await stores.tasks.enqueueBatch(Array.from({ length: 300 }, () => newTask(stores.tasks.mintId())));
    await other.tasks.enqueue(newTask(other.tasks.mintId()));
    await Promise.all([stores.close(), other.close()]);
    await redis.mset({ "a:session:1": "x", "task:list": "x", "a:task:list": "x" });
    const env = { REDIS_URL: server.url, REDIS_KEY_PREFIX: "a:", API_PORT: "1" };
    const shown = await runCli(["reset"], { cwd: directory, env });
    expect(shown.stdout).toMatch(/PENDING=300(.|\n)*Nothing was deleted/);
    const done = await runCli(["reset", "--confirm"], { cwd: directory, env });
    expect(done.stderr).toBe("");
    const left = (await redis.keys("*")).sort();
    expect(left.filter((key) => !key.startsWith("b:"))).toEqual(["a:session:1", "a:task:list", "task:list"]);
    expect(await redis.llen("b:tasks:pending:primary")).toBe(1);
  });
});
