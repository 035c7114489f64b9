import {
  type GatewayHealth,
  type StoreHealth,
  stalledAfterMs,
  toInstant,
  type WorkerView,
  workerStatus,
} from "@workstream/core";

/**
 * One verdict on gateway, store and fleet. Unhealthy: the store doesn't answer, or isn't safe. Degraded: no worker is
 * alive, or one beats without claiming. Warnings of the store stand in the note and change nothing.
 * @param workers null when the store would not say
 */
export function gatewayHealth(
  store: StoreHealth,
  workers: readonly WorkerView[] | null,
  nowMs: number,
): GatewayHealth {
  const live = (workers ?? []).filter((worker) => workerStatus(worker) !== "stale");
  const stalled = live.filter((worker) => !worker.isDraining && worker.claimLoopAgeMs > stalledAfterMs);
  const isUp = store.isConnected && store.isSafe;
  const isStaffed = live.some((worker) => !worker.isDraining) && stalled.length === 0;
  const notes = [...storeNotes(store), ...fleetNotes(live, stalled, store.isConnected), ...store.warnings];
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

function fleetNotes(live: readonly WorkerView[], stalled: readonly WorkerView[], isKnown: boolean): string[] {
  if (!isKnown) return [];
  if (live.length === 0) return ["No worker is alive: tasks are accepted and wait."];
  if (live.every((worker) => worker.isDraining)) return ["Every worker is draining: no other task starts."];
  return stalled.map(({ workerId, claimLoopAgeMs }) => {
    return `Worker ${workerId} beats, but has not looked for work for ${Math.round(claimLoopAgeMs / 1000)} s.`;
  });
}
