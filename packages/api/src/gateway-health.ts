import {
  type GatewayHealth,
  reservedQueueNames,
  type StoreHealth,
  stalledAfterMs,
  toInstant,
  type WorkerView,
  workerStatus,
} from "@workstream/core";

/** Null: the store would not say. */
export type FleetView = {
  workers: readonly WorkerView[] | null;
  /** Tasks that wait, by queue. */
  waiting: Readonly<Record<string, number>> | null;
};

/**
 * One verdict on gateway, store and fleet. Unhealthy: the store doesn't answer, or isn't safe. Degraded: no worker is
 * alive, one beats without claiming, or tasks wait on a queue that none serves. Warnings of the store stand in the note
 * and change nothing.
 */
export function gatewayHealth(store: StoreHealth, fleet: FleetView, nowMs: number): GatewayHealth {
  const live = (fleet.workers ?? []).filter((worker) => workerStatus(worker) !== "stale");
  const stalled = live.filter((worker) => !worker.isDraining && worker.claimLoopAgeMs > stalledAfterMs);
  const isUp = store.isConnected && store.isSafe;
  const unserved = unservedQueues(live, fleet.waiting ?? {});
  const isStaffed =
    live.some((worker) => !worker.isDraining) && stalled.length === 0 && unserved.length === 0;
  const fleetNotes = store.isConnected ? [...workerNotes(live, stalled), ...unserved.map(unservedNote)] : [];
  const notes = [...storeNotes(store), ...fleetNotes, ...store.warnings];
  return {
    status: isUp ? (isStaffed ? "healthy" : "degraded") : "unhealthy",
    components: { redis: store.isConnected, workers: live.length > 0, store: store.kind },
    note: notes.length > 0 ? notes.join(" ") : null,
    timestamp: toInstant(nowMs),
  };
}

function storeNotes(store: StoreHealth): string[] {
  if (!store.isConnected) return ["The store does not answer."];
  return store.isSafe ? [] : ["The store may lose or refuse work."];
}

type UnservedQueue = { queue: string; waiting: number };

/** Queues on which tasks wait although workers live, none of which serves them. */
function unservedQueues(
  live: readonly WorkerView[],
  waiting: Readonly<Record<string, number>>,
): UnservedQueue[] {
  if (live.length === 0) return [];
  const served = new Set<string>([...reservedQueueNames, ...live.flatMap(({ queues }) => queues)]);
  return Object.entries(waiting)
    .filter(([queue, count]) => count > 0 && !served.has(queue))
    .map(([queue, count]) => ({ queue, waiting: count }));
}

function unservedNote({ queue, waiting }: UnservedQueue): string {
  return `${waiting} ${waiting === 1 ? "task waits" : "tasks wait"} on queue ${queue}, which no live worker serves.`;
}

function workerNotes(live: readonly WorkerView[], stalled: readonly WorkerView[]): string[] {
  if (live.length === 0) return ["No worker is alive: tasks are accepted and wait."];
  if (live.every((worker) => worker.isDraining)) return ["Every worker is draining: no other task starts."];
  return stalled.map(({ workerId, claimLoopAgeMs }) => {
    return `Worker ${workerId} beats, but has not looked for work for ${Math.round(claimLoopAgeMs / 1000)} s.`;
  });
}
