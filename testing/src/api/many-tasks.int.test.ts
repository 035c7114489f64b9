/** Operations on so many tasks that a script over all of them would hold Redis. */
import type { Operation } from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { isQuietMachine } from "../quiet-machine.ts";
import { failed, workerId } from "../task-driver.ts";
import { until } from "../until.ts";
import { type ApiStage, useApi } from "./api-stage.ts";

const openApi = useApi("redis");
/** A multiple of 2,000; MANY_TASKS says how many. */
const many = Number(process.env.MANY_TASKS ?? 8_000);
const slowMs = 5;
const shareHeldUp = 0.01;

/** Dead letters of two causes, one after the other. */
async function bury({ driver, clock }: ApiStage): Promise<void> {
  for (let left = many; left > 0; left -= 2_000) {
    await driver.enqueueMany(2_000);
    clock.advance(1);
  }
  for (let left = many; left > 0; left -= 500) {
    const claimed = await driver.claim({ queues: { primary: 500 }, limit: 500 });
    const attempts = claimed.map(({ id, token }, index) => {
      const error = index % 2 === 0 ? `row ${index} is broken` : `no file ${index}`;
      return { id, token, settlement: failed({ to: "DLQ" }, "Default", error) };
    });
    await driver.tasks.settle(workerId, attempts);
    clock.advance(1);
  }
}

async function run({ ask, clock }: ApiStage, path: string, payload: object): Promise<Operation> {
  const { body } = await ask("POST", path, { payload });
  clock.advance(1);
  const look = async () => {
    const { body: operation } = await ask("GET", `/api/v1/operations/${body.operation_id}`);
    return operation.state === "running" ? null : (operation as Operation);
  };
  return until("the end of the operation", look, { timeoutMs: 60_000, everyMs: 100 });
}

async function cpuSeconds(redis: Redis): Promise<number> {
  const [, sys] = /used_cpu_sys:([\d.]+)/.exec(await redis.info("cpu")) ?? [];
  const [, user] = /used_cpu_user:([\d.]+)/.exec(await redis.info("cpu")) ?? [];
  return Number(sys) + Number(user);
}

it(`take ${many} tasks in chunks that hold Redis for ${slowMs} ms at most`, {
  timeout: 180_000,
}, async () => {
  const stage = await openApi();
  await bury(stage);
  const redis = new Redis(stage.opened.redisUrl ?? "");
  await redis.config("SET", "slowlog-log-slower-than", String(slowMs * 1_000));
  await redis.config("SET", "slowlog-max-len", "10000");
  await redis.config("RESETSTAT");
  await redis.call("SLOWLOG", "RESET");
  const cpuBefore = await cpuSeconds(redis);
  const { body } = await stage.ask("GET", "/api/v1/queues/dlq/groups");
  // Every second dead letter: the dearest, for they stand in the middle of the list.
  const filter = { error_group: body.groups[0].error_group };
  const steps = [
    await run(stage, "/api/v1/queues/dlq/retry", { filter }),
    await run(stage, "/api/v1/queues/dlq/retry", {}),
    await run(stage, "/api/v1/tasks/bulk", { action: "cancel", filter: { status: "PENDING" } }),
    await run(stage, "/api/v1/tasks/bulk", { action: "delete", filter: { task_type: "echo" } }),
  ];
  const sums = steps.map(({ done, skipped, failed: threw, total }) => [done, skipped, threw, total]);
  expect(sums).toEqual([
    [many / 2, 0, 0, many / 2],
    [many / 2, 0, 0, many / 2],
    [many, 0, 0, many],
    [many, 0, 0, many],
  ]);
  const slow = (await redis.call("SLOWLOG", "GET", "10000")) as [number, number, number, string[]][];
  const calls = (await redis.info("commandstats")).matchAll(/cmdstat_(?:evalsha|fcall):calls=(\d+)/g);
  const scripts = [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
  const longest = Math.max(0, ...slow.map(([, , micros]) => micros));
  const meanMs = ((await cpuSeconds(redis)) - cpuBefore) * (1_000 / scripts);
  const figures = `${scripts} scripts, ${slow.length} over ${slowMs} ms, the longest ${longest / 1_000} ms`;
  console.log(`${figures}; ${meanMs.toFixed(2)} ms of Redis a script, all else included`);
  expect(scripts).toBeGreaterThan(many / 50);
  expect(meanMs).toBeLessThan(slowMs / 2);
  if (isQuietMachine()) expect(slow.length).toBeLessThanOrEqual(scripts * shareHeldUp);
  await redis.quit();
});
