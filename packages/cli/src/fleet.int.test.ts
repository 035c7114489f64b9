import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CliProcess,
  type RedisServer,
  runCli,
  startCli,
  startRedisServer,
  stopAll,
} from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let directory = "";
let server: RedisServer;
let api: CliProcess;
let worker: CliProcess;
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "workstream-fleet-"));
  server = await startRedisServer({ config: { "maxmemory-policy": "allkeys-lru" } });
  env = { REDIS_URL: server.url, REDIS_KEY_PREFIX: "fleet:", API_PORT: "0" };
  api = startCli(["api"], { cwd: directory, env });
  worker = startCli(["worker"], { cwd: directory, env });
  const [, url = ""] = await api.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
  await worker.prints(/"msg":"ready"/);
  env = { ...env, WORKSTREAM_URL: url };
});

afterAll(async () => {
  await stopAll();
  await server.stop();
  rmSync(directory, { recursive: true });
});

describe("a gateway and a worker on one Redis", () => {
  it("both log the task types that they know", () => {
    const typesOf = ({ stdout }: CliProcess) =>
      JSON.parse(stdout.split("\n").find((line) => line.includes('"msg":"ready"')) ?? "{}").types?.sort();
    expect([api, worker].map(typesOf)).toEqual([
      ["pdfxtract", "summarize"],
      ["pdfxtract", "summarize"],
    ]);
  });

  it("share the work", async () => {
    const text = "Rain fell for nine days. The river rose. On the tenth day the old bridge was closed.";
    const added = await runCli(["task", "add", text, "--wait", "20"], { cwd: directory, env });
    expect(added.code).toBe(0);
    expect(added.stdout.trim()).not.toBe("");
  });

  it("warn in their logs of a Redis that evicts", () => {
    for (const { stdout, stderr } of [api, worker])
      expect(stdout + stderr).toMatch(/"level":40,.*maxmemory-policy is allkeys-lru/);
  });

  it("are seen by the doctor, who warns of a Redis that evicts", async () => {
    const { code, stdout } = await runCli(["doctor", "--json"], { cwd: directory, env });
    const checks = JSON.parse(stdout) as { name: string; status: string; detail: string }[];
    const of = (name: string) => checks.filter((check) => check.name.startsWith(name));
    expect(of("worker")).toEqual([
      expect.objectContaining({ status: "ok", detail: "alive, 0 of 10 slots busy" }),
    ]);
    expect(of("store").filter(({ status }) => status === "fail")).toContainEqual(
      expect.objectContaining({ detail: expect.stringContaining("allkeys-lru") }),
    );
    expect(code).toBe(1);
  });

  it("keep a reset away while they live, unless it is forced", async () => {
    const refused = await runCli(["reset", "--confirm"], { cwd: directory, env });
    expect(refused.stderr).toMatch(/Worker \S+ is alive\. A gateway answers at .*--force/);
    expect(refused.code).toBe(5);
  });

  it("stop on SIGTERM", async () => {
    for (const cli of [api, worker]) cli.kill("SIGTERM");
    expect(await Promise.all([api.exited, worker.exited])).toEqual([0, 0]);
  });
});
