import {
  busySlots,
  type StoreHealth,
  type Stores,
  staleAfterMs,
  stalledAfterMs,
  type WorkerView,
} from "@workstream/core";
import type { Config } from "./config-schema.ts";
import { type DoctorCheck, fail, ok, warn } from "./doctor-check.ts";
import { openStores, storeName } from "./open-stores.ts";
import { explain } from "./report-error.ts";

const startAdvice = "Start it, or correct REDIS_URL.";

/** Redis itself, its settings, and the workers that have announced themselves there. */
export function checkRedis(config: Config): Promise<DoctorCheck[]> {
  return checkFleet(config, workerChecks);
}

/** Redis, and the worker of one machine; a container is one. */
export function checkWorkerOf(hostname: string, config: Config): Promise<DoctorCheck[]> {
  return checkFleet(config, (workers) => [ownWorkerCheck(hostname, workers)]);
}

async function checkFleet(
  config: Config,
  checksOf: (workers: readonly WorkerView[]) => DoctorCheck[],
): Promise<DoctorCheck[]> {
  let stores: Stores;
  try {
    stores = await openStores(config);
  } catch (error) {
    return [fail("store", explain(error).message, startAdvice)];
  }
  try {
    const health = await stores.probe.check();
    if (!health.isConnected) return healthChecks(health, storeName(config));
    return [...healthChecks(health, storeName(config)), ...checksOf(await stores.workers.list())];
  } finally {
    await stores.close();
  }
}

export function healthChecks(health: StoreHealth, name: string): DoctorCheck[] {
  if (!health.isConnected) return [fail("store", `${name} does not answer.`, startAdvice)];
  const time = health.responseTimeMs === null ? "" : ` in ${health.responseTimeMs.toFixed(1)} ms`;
  const found = health.warnings.map((warning) =>
    health.isSafe
      ? warn("store", warning)
      : fail("store", warning, "Until then work can be lost or refused."),
  );
  return [ok("store", `${name} answers${time}.`), ...found];
}

export function workerChecks(workers: readonly WorkerView[]): DoctorCheck[] {
  if (workers.length === 0) {
    return [warn("workers", "No worker is alive, so tasks wait.", "Start one with `workstream worker`.")];
  }
  return workers.map(workerCheck);
}

/** The newest beat counts: what ran here before a restart stays on the list for a while. */
export function ownWorkerCheck(hostname: string, workers: readonly WorkerView[]): DoctorCheck {
  const [newest] = workers
    .filter((worker) => worker.hostname === hostname)
    .sort((a, b) => a.beatAgeMs - b.beatAgeMs);
  if (!newest) return fail("worker", `No worker of ${hostname} has a heartbeat in the store.`);
  const check = workerCheck(newest);
  return check.status === "warn" ? { ...check, status: "fail" } : check;
}

function workerCheck(worker: WorkerView): DoctorCheck {
  const name = `worker ${worker.workerId}`;
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  if (worker.beatAgeMs > staleAfterMs) {
    const advice = "It was killed, or can't reach the store; its tasks go to other workers.";
    return warn(name, `Silent for ${seconds(worker.beatAgeMs)}.`, advice);
  }
  if (worker.claimLoopAgeMs > stalledAfterMs) {
    const advice = "A handler may be holding its event loop: restart it, and look at its log.";
    return fail(name, `Alive, but has claimed nothing for ${seconds(worker.claimLoopAgeMs)}.`, advice);
  }
  const state = worker.isDraining ? "draining" : "alive";
  return ok(name, `${state}, ${busySlots(worker)} of ${worker.concurrency} slots busy`);
}
