/**
 * Keeps the leases of a worker whose event loop is busy.
 *
 * A handler that computes for a minute blocks the loop that would extend its lease. A thread with a Redis connection of
 * its own watches a counter that the main thread advances with every beat; while the counter stands still for more than
 * a third of the lease, the thread extends what the store says the worker runs (extend-worker.lua).
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type LeaseGuard, type LeaseGuardSettings, WorkstreamError } from "@workstream/core";
import type { ConnectionLogger } from "./connection.ts";
import type { PartitionPlace } from "./partitions/key-space.ts";

/** What the thread gets; `beats` holds one 32-bit counter. */
export type GuardThreadData = LeaseGuardSettings & {
  /** Every partition: the worker has leases in each. */
  places: readonly PartitionPlace[];
  beats: SharedArrayBuffer;
};

/** @throws store_unavailable when the thread can't reach Redis */
export async function startLeaseGuard(
  data: Omit<GuardThreadData, "beats">,
  logger?: ConnectionLogger,
): Promise<LeaseGuard> {
  const beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const counter = new Int32Array(beats);
  const thread = startThread({ ...data, beats });
  await once(thread, "message").catch((error: Error) => {
    throw new WorkstreamError("store_unavailable", `The lease guard did not start: ${error.message}`, {
      cause: error,
    });
  });
  thread.on("error", (error) =>
    logger?.warn({ error }, "The lease guard ended: a busy loop may lose its leases."),
  );
  thread.unref();
  return {
    beat: () => {
      Atomics.add(counter, 0, 1);
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}

/** From the bundle the thread is plain JavaScript beside us; from source it is TypeScript, which needs tsx. */
function startThread(workerData: GuardThreadData): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("./lease-guard-thread.js", import.meta.url), { workerData });
  }
  const tsx = import.meta.resolve("tsx/esm/api");
  const thread = new URL("./lease-guard-thread.ts", import.meta.url).href;
  // `--import tsx` does nothing in a thread: tsx registers itself in main threads alone.
  const start = `import("${tsx}").then(({ register }) => { register(); return import("${thread}"); });`;
  return new Worker(start, { workerData, eval: true, execArgv: ["--conditions=workstream-source"] });
}
