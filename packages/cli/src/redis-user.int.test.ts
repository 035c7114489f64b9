import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, runCli, startCli, startRedisServer, stopAll } from "@workstream/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const page = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
const [setUser = ""] = /^redis-cli ACL SETUSER .*$/m.exec(page) ?? [];
const text = "Rain fell for nine days. The river rose. On the tenth day the old bridge was closed.";

let directory = "";
let server: RedisServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "workstream-user-"));
  server = await startRedisServer();
});

afterEach(async () => {
  await stopAll();
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** A line for a shell, said to the server of this test. */
function shell(line: string): string {
  const { stdout, stderr } = spawnSync("sh", [
    "-c",
    line.replace("redis-cli", `redis-cli -p ${server.port}`),
  ]);
  return `${stdout}${stderr}`.trim();
}

/** A gateway and a worker take a task through, and are looked at; answers what doctor finds of the store. */
async function useAll(): Promise<string[]> {
  const url = server.url.replace("//", "//workstream:password@");
  const shared = { REDIS_URL: url, REDIS_KEY_PREFIX: "workstream:", API_PORT: "0", DASHBOARD: "off" };
  const api = startCli(["api"], { cwd: directory, env: shared });
  const worker = startCli(["worker"], { cwd: directory, env: shared });
  const [, gateway = ""] = await api.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
  await worker.prints(/"msg":"ready"/);
  const env = { ...shared, WORKSTREAM_URL: gateway };
  const run = (...args: string[]) => runCli(args, { cwd: directory, env });
  const added = await run("task", "add", text, "--wait", "20");
  expect([added.code, added.stderr]).toEqual([0, ""]);
  expect((await run("queue", "status")).code).toBe(0);
  const doctor = await run("doctor", "--json");
  expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringMatching(/^\[/)]);
  for (const cli of [api, worker]) cli.kill("SIGTERM");
  expect(await Promise.all([api.exited, worker.exited])).toEqual([0, 0]);
  expect((await run("reset", "--confirm")).code).toBe(0);
  const checks = JSON.parse(doctor.stdout) as { name: string; detail: string }[];
  return checks.filter(({ name }) => name === "store").map(({ detail }) => detail);
}

describe("the Redis user of docs/operations.md", () => {
  it("is refused nothing", async () => {
    expect(shell(setUser)).toBe("OK");
    expect(await useAll()).toEqual([
      expect.stringContaining("answers in"),
      expect.stringContaining("Redis keeps nothing on disk"),
    ]);
    expect(shell("redis-cli ACL LOG")).toBe("");
    expect(shell("redis-cli DBSIZE")).toBe("0");
  });

  it("reaches no key, channel or command beside", () => {
    expect(shell(setUser)).toBe("OK");
    const as = (command: string) =>
      shell(`redis-cli --user workstream --pass password --no-auth-warning ${command}`);
    expect(as("SET workstream:x 1")).toBe("OK");
    for (const other of [
      "SET x 1",
      "PUBLISH x 1",
      "FLUSHALL",
      "CONFIG SET maxmemory 1",
      "CLIENT PAUSE 1",
      "ACL LIST",
      "SHUTDOWN",
    ])
      expect([other, as(other)]).toEqual([other, expect.stringMatching(/NOPERM/)]);
  });

  it("has what it needs without the last five rights, and knows less", async () => {
    expect(shell(setUser.replace(/ \+fcall .*$/, ""))).toBe("OK");
    expect(await useAll()).toEqual([expect.stringContaining("answers in")]);
  });
});
