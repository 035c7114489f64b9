/** A handler holds the event loop for several leases: the worker keeps its tasks. */
import { until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";
import { call, task } from "./gateway.ts";

const leaseSeconds = 3;
const busyMs = Number(process.env.BUSY_MS ?? 10_000);
let fleet: Fleet;

beforeEach(async () => {
  fleet = await Fleet.open({ env: { LEASE_SECONDS: String(leaseSeconds), WORKER_CONCURRENCY: "2" } });
});
afterEach(() => fleet.close());

it("keeps the leases of a worker whose event loop is busy", async () => {
  await fleet.startGateway();
  fleet.startWorker();
  await fleet.workersReady(1);
  const body = { input: { ms: busyMs } };
  const { body: created } = await call<{ task_id: string }>(`${fleet.url}/api/v1/tasks/busy`, "POST", body);
  await until("it to run", () => fleet.journal().length === 1, { timeoutMs: 10_000 });
  // A second worker reaps whatever it may; it would run the task again.
  fleet.startWorker();
  const done = await until(
    "it to end",
    async () => {
      const detail = await task(fleet.url, created.task_id);
      return detail.state === "COMPLETED" ? detail : null;
    },
    { timeoutMs: busyMs + 20_000, everyMs: 100 },
  );
  expect(done.error_history).toEqual([]);
  expect(fleet.journal()).toHaveLength(1);
});
