import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreHealth, WorkerView } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { CliError } from "./cli-error.ts";
import { checkGateway } from "./doctor-gateway.ts";
import { checkDataDirectory, checkNode } from "./doctor-machine.ts";
import { healthChecks, ownWorkerCheck, workerChecks } from "./doctor-redis.ts";
import { createGatewayClient } from "./gateway-client.ts";

const worker: WorkerView = {
  workerId: "host-1-ab",
  hostname: "host",
  pid: 1,
  version: "1.0.0",
  concurrency: 10,
  highPrioritySlots: 0,
  queues: ["primary"],
  types: ["summarize"],
  isDraining: false,
  completed: 0,
  failed: 0,
  eventLoopLagMs: 0,
  memoryBytes: 0,
  claimLoopAgeMs: 100,
  lastBeatAt: 0,
  beatAgeMs: 1_000,
  activeTaskIds: ["a", "b"],
};

describe("workerChecks", () => {
  it.each([
    ["ok", "alive, 2 of 10 slots busy", {}],
    ["ok", "draining, 2 of 10 slots busy", { isDraining: true }],
    ["warn", "Silent for 31 s.", { beatAgeMs: 31_000 }],
    ["fail", "Alive, but has claimed nothing for 16 s.", { claimLoopAgeMs: 16_000 }],
  ] as const)("says %s: %s", (status, detail, facts) => {
    expect(workerChecks([{ ...worker, ...facts }])).toEqual([expect.objectContaining({ status, detail })]);
  });

  it("warns when there is none", () => {
    expect(workerChecks([])).toEqual([expect.objectContaining({ status: "warn" })]);
  });
});

describe("ownWorkerCheck", () => {
  it.each([
    ["ok", {}],
    ["ok", { isDraining: true }],
    ["fail", { beatAgeMs: 31_000 }],
    ["fail", { claimLoopAgeMs: 16_000 }],
    ["fail", { hostname: "another" }],
  ])("says %s of %j", (status, facts) => {
    expect(ownWorkerCheck("host", [{ ...worker, ...facts }]).status).toBe(status);
  });

  it("looks past what was killed here before", () => {
    const killed = { ...worker, workerId: "host-1-aa", beatAgeMs: 40_000, claimLoopAgeMs: 20_000 };
    expect(ownWorkerCheck("host", [killed, worker])).toMatchObject({
      status: "ok",
      name: "worker host-1-ab",
    });
  });
});

describe("healthChecks", () => {
  const well: StoreHealth = {
    kind: "redis",
    isConnected: true,
    responseTimeMs: 0.4,
    warnings: [],
    isSafe: true,
  };

  it.each([
    [["ok"], {}],
    [["ok", "warn"], { warnings: ["It keeps nothing on disk."] }],
    [["ok", "fail"], { warnings: ["It evicts."], isSafe: false }],
    [["fail"], { isConnected: false }],
  ] as const)("finds %j", (statuses, facts) => {
    const checks = healthChecks(
      { ...well, ...facts, warnings: [...("warnings" in facts ? facts.warnings : [])] },
      "Redis",
    );
    expect(checks.map(({ status }) => status)).toEqual(statuses);
  });
});

describe("the machine", () => {
  it.each([
    ["20.18.3", "fail"],
    ["18.20.0", "fail"],
    ["20.19.0", "ok"],
    ["23.1.0", "warn"],
    ["24.0.0", "ok"],
  ] as const)("finds Node %s to be %s", (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });

  it("looks for a folder that can be made, and not for a file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "workstream-doctor-"));
    writeFileSync(join(directory, "file"), "");
    const deep = await checkDataDirectory({ DATA_DIR: join(directory, "a", "b") });
    const file = await checkDataDirectory({ DATA_DIR: join(directory, "file") });
    rmSync(directory, { recursive: true });
    expect(deep[0]).toMatchObject({ name: "data", status: "ok" });
    expect(file).toEqual([expect.objectContaining({ name: "data", status: "fail" })]);
  });
});

describe("checkGateway", () => {
  const gone = {
    ...createGatewayClient({ url: "http://127.0.0.1:1", apiKey: null }),
    get: () => Promise.reject(new CliError("unreachable", "No gateway answers.")),
  };

  it("takes a missing gateway for a fault only where someone named it", async () => {
    const status = async (isExpected: boolean) =>
      (await checkGateway(gone, { isExpected, asksFleet: true })).map((check) => check.status);
    expect(await status(false)).toEqual(["warn"]);
    expect(await status(true)).toEqual(["fail"]);
  });
});
