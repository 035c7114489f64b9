import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CreatedTask, TaskDetail, TaskState, WorkerFleet } from "@workstream/core";
import { type CliProcess, freePort, runCli, startCli, stopAll, until } from "@workstream/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const slowTasks = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { defineTask } from "@workstream/worker";
  import { z } from "zod";
  const output = z.string();
  export const nap = defineTask({
    type: "nap", input: z.object({ ms: z.number() }), output,
    run: async ({ ms }) => { await sleep(ms); return "rested"; },
  });
  export const leak = defineTask({
    type: "leak", input: z.object({}), output,
    run: async () => { Promise.reject(new Error("nobody looks at this")); await sleep(60_000); return ""; },
  });
`;

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-service-"));
  writeFileSync(join(directory, "slow.mjs"), slowTasks);
});

afterEach(async () => {
  await stopAll();
  rmSync(directory, { recursive: true });
});

function up(env: Record<string, string> = {}): CliProcess {
  return startCli(["up", "--tasks", "slow.mjs"], { cwd: directory, env: { API_PORT: "0", ...env } });
}

async function addressOf(cli: CliProcess): Promise<string> {
  const [, url = ""] = await cli.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
  return url;
}

async function createTask(url: string, type: string, input: unknown): Promise<string> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ input });
  const response = await fetch(`${url}/api/v1/tasks/${type}`, { method: "POST", headers, body });
  expect(response.status).toBe(201);
  return ((await response.json()) as CreatedTask).task_id;
}

async function taskIn(url: string, id: string, state: TaskState): Promise<TaskDetail> {
  return until(`task ${id} to be ${state}`, async () => {
    const task = (await (await fetch(`${url}/api/v1/tasks/${id}`)).json()) as TaskDetail;
    return task.state === state ? task : null;
  });
}

describe("up", () => {
  it("serves, runs tasks of a user's module, and says where", async () => {
    const cli = up();
    const url = await addressOf(cli);
    const ready = JSON.parse(cli.stdout.split("\n").find((line) => line.includes('"msg":"ready"')) ?? "{}");
    expect(ready).toMatchObject({ docs: `${url}/docs`, store: expect.stringContaining("workstream.db") });
    expect(ready.types.sort()).toEqual(["leak", "nap", "pdfxtract", "summarize"]);
    expect(ready.try).toContain(`curl -s ${url}/api/v1/tasks/summarize`);
    const { result } = await taskIn(url, await createTask(url, "nap", { ms: 1 }), "COMPLETED");
    expect(result).toBe("rested");
    expect(existsSync(join(directory, "data", "workstream.db"))).toBe(true);
  });

  it("lets what runs finish on SIGTERM, and exits with 0", async () => {
    const cli = up();
    const url = await addressOf(cli);
    const id = await createTask(url, "nap", { ms: 3_000 });
    await taskIn(url, id, "ACTIVE");
    cli.kill("SIGTERM");
    expect(await cli.exited).toBe(0);
    const again = await addressOf(up());
    expect(await taskIn(again, id, "COMPLETED")).toMatchObject({ retry_count: 0, error_history: [] });
  });

  it("hands back what does not finish in time, without using up an attempt", async () => {
    const cli = up({ SHUTDOWN_GRACE_SECONDS: "1" });
    const url = await addressOf(cli);
    const id = await createTask(url, "nap", { ms: 120_000 });
    await taskIn(url, id, "ACTIVE");
    cli.kill("SIGTERM");
    expect(await cli.exited).toBe(0);
    const again = await addressOf(up());
    expect(await taskIn(again, id, "ACTIVE")).toMatchObject({ retry_count: 0, error_history: [] });
  });

  it("exits at once on a second Ctrl-C", async () => {
    const cli = up();
    const url = await addressOf(cli);
    await taskIn(url, await createTask(url, "nap", { ms: 120_000 }), "ACTIVE");
    cli.kill("SIGINT");
    await cli.prints(/"signal":"SIGINT"/);
    cli.kill("SIGINT");
    expect(await cli.exited).toBe(130);
  });

  it("hands back its work and exits with 1 when a handler leaves a rejection unhandled", async () => {
    const cli = up();
    const url = await addressOf(cli);
    const nap = await createTask(url, "nap", { ms: 120_000 });
    await taskIn(url, nap, "ACTIVE");
    await createTask(url, "leak", {});
    expect(await cli.exited).toBe(1);
    expect(cli.stdout).toMatch(/"level":60,.*nobody looks at this/);
    const again = startCli(["up"], { cwd: directory, env: { API_PORT: "0" } });
    expect(await taskIn(await addressOf(again), nap, "PENDING")).toMatchObject({
      retry_count: 0,
      error_history: [],
    });
  });

  it("tells a second process on the same folder who has it", async () => {
    const cli = up();
    await addressOf(cli);
    const { code, stderr } = await runCli(["up"], { cwd: directory, env: { API_PORT: "0" } });
    expect(stderr).toContain(`Another Workstream process (pid ${cli.pid}) uses`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(3);
  });

  it("says which port is taken, and gives the store up again", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await runCli(["up"], { cwd: directory, env: { API_PORT: String(port) } });
    holder.close();
    expect(stderr).toMatch(new RegExp(`^workstream: Port ${port} on 127.0.0.1 is taken: .*API_PORT.*\n$`));
    expect(code).toBe(1);
    await addressOf(up());
  });

  it("asks for keys off loopback, and serves there with one", async () => {
    const refused = await runCli(["up"], { cwd: directory, env: { API_PORT: "0", HOST: "0.0.0.0" } });
    expect(refused.stderr).toMatch(
      /^workstream: HOST=0\.0\.0\.0 lets other machines .*API_KEYS, or AUTH=off.*\n$/,
    );
    expect(refused.code).toBe(2);
    const url = await addressOf(up({ HOST: "0.0.0.0", API_KEYS: "reader:look,all" }));
    const status = (key: string) =>
      fetch(`${url}/api/v1/workers`, { headers: { authorization: `Bearer ${key}` } }).then(
        (answer) => answer.status,
      );
    expect([await status("wrong"), await status("look"), await status("all")]).toEqual([401, 200, 200]);
  });

  it("warns once of names that are not settings, and shows no stack for a bad value", async () => {
    const cli = up({ DEBUG: "1", LEASE_SECOND: "9" });
    const url = await addressOf(cli);
    expect(cli.stdout.match(/did you mean LEASE_SECONDS/g)).toHaveLength(1);
    expect(cli.stdout.match(/use LOG_LEVEL=debug/g)).toHaveLength(1);
    expect(((await (await fetch(`${url}/api/v1/workers`)).json()) as WorkerFleet).total_workers).toBe(1);
    const bad = await runCli(["up"], { cwd: directory, env: { API_PORT: "x", MAX_RETRIES: "-1" } });
    expect(bad.stderr.trim().split("\n")).toEqual([
      "workstream: The configuration is not right.",
      "  API_PORT=x is not allowed: use a whole number from 0 to 65535.",
      "  MAX_RETRIES=-1 is not allowed: use a whole number from 0 to 100.",
    ]);
    expect(bad.code).toBe(2);
  });
});

describe("api and worker alone", () => {
  it.each(["api", "worker"])("%s wants a store that processes share", async (command) => {
    const { code, stderr } = await runCli([command], { cwd: directory });
    expect(stderr).toMatch(/needs a store that processes share: set REDIS_URL, or .*workstream up/);
    expect(code).toBe(2);
  });

  it("says in a sentence that Redis is not there", async () => {
    const env = { REDIS_URL: `redis://:hunter2@127.0.0.1:${await freePort()}` };
    const { code, stderr } = await runCli(["worker"], { cwd: directory, env });
    expect(stderr).toMatch(/^workstream: Redis can't be reached at 127\.0\.0\.1:\d+.*\n$/);
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(3);
  });
});
