import { describe, expect, it } from "vitest";
import { redisKeys, staticKeys } from "./keys.ts";
import { isOwnName } from "./own-keys.ts";

const id = "0198c5a1-7b1e-7c3d-9e2f-1a2b3c4d5e6f";
const digest = "0a".repeat(32);
const workerId = "host-1-4711-0a1b2c3d";
const keys = redisKeys();
const lanes = Object.values(keys.lanes("resize-2"));

describe("isOwnName", () => {
  it.each([
    // These two are channels: nothing is kept under their names.
    ...staticKeys.filter((key) => key !== "updates" && key !== "serviceUpdates").map((key) => keys[key]),
    ...lanes,
    ...lanes.filter((lane) => lane.includes("pending")).map((lane) => `${lane}:removed`),
    "dlq:tasks:removed",
    keys.task(id),
    keys.deadLetter(id),
    keys.input(id),
    keys.output(id),
    keys.steps(id),
    keys.cached(digest),
    keys.cacheFlight(digest),
    keys.cacheWaiting(digest),
    keys.wakeupOf("resize-2"),
    keys.indexOfType("resize_2"),
    keys.indexOfQueue("resize-2"),
    keys.idempotency("order 17"),
    keys.batch(id),
    keys.throughput(29_000_000),
    keys.latency(29_000_000),
    keys.workerHeartbeat(workerId),
    keys.workerTasks(workerId),
    keys.workerStats(workerId),
    ...Object.values(keys.service("openrouter")),
    ...Object.values(keys.service("mail-2")),
    keys.serviceMetrics("openrouter", "2026-01-31"),
    keys.serviceMetrics("mail-2", "2026-01-31"),
  ])("knows %s", (name) => {
    expect(isOwnName(name)).toBe(true);
  });

  it.each([
    "task:list",
    "task:17",
    "tasks",
    "tasks:mine",
    "input:form",
    "batch:9",
    "cache:page",
    "steps:17",
    "worker:pool",
    "service:mail",
    "service:Mail:state",
    "openrouter:metrics:january",
    "openrouter:key",
    "mytasks:index",
    "bull:q:1",
  ])("leaves %s to whom it belongs", (name) => {
    expect(isOwnName(name)).toBe(false);
  });
});
