import type { Stores, TaskLeases, TaskUpkeep, WorkerRegistry } from "@workstream/core";
import { withDeadline } from "./deadline.ts";

/** What a worker needs of the stores. */
export type WorkerStore = TaskLeases & TaskUpkeep & Pick<WorkerRegistry, "beat" | "leave" | "onRevoked">;

/** The same store, with our own deadline on every call: nothing in this package can wait for ever. */
export function storeWithDeadlines({ tasks, workers }: Stores, timeoutMs: number): WorkerStore {
  const by = <T>(name: string, call: Promise<T>) => withDeadline(call, timeoutMs, name);
  return {
    claim: (request) => by("claim", tasks.claim(request)),
    settle: (workerId, attempts, next) => by("settle", tasks.settle(workerId, attempts, next)),
    extend: (workerId, leases, leaseMs) => by("extend", tasks.extend(workerId, leases, leaseMs)),
    recover: (workerId, knownIds) => by("recover", tasks.recover(workerId, knownIds)),
    waitForWork: (queues, waitMs, signal) =>
      withDeadline(tasks.waitForWork(queues, waitMs, signal), waitMs + timeoutMs, "waitForWork"),
    promote: (limit) => by("promote", tasks.promote(limit)),
    reap: (settings) => by("reap", tasks.reap(settings)),
    prune: (policy, limit) => by("prune", tasks.prune(policy, limit)),
    beat: (beat) => by("beat", workers.beat(beat)),
    leave: (workerId) => by("leave", workers.leave(workerId)),
    onRevoked: (workerId, listener) => by("onRevoked", workers.onRevoked(workerId, listener)),
  };
}
