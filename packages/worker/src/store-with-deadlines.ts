import type {
  ResultCache,
  Stores,
  TaskLeases,
  TaskOutputs,
  TaskSteps,
  TaskUpkeep,
  WorkerRegistry,
} from "@workstream/core";
import { withDeadline } from "./deadline.ts";
import type { GuardStore } from "./guard/guards.ts";

/** Adapters give up sooner; this is for when even that fails. */
export const storeDeadlineMs = 10_000;

/** What a worker needs of the stores. */
export type WorkerStore = Omit<TaskLeases, "waitForWork"> &
  TaskUpkeep &
  Pick<WorkerRegistry, "beat" | "leave" | "onRevoked">;

/** The same store, with our own deadline on every call: nothing in this package can wait for ever. */
export function storeWithDeadlines({ tasks, workers }: Stores, timeoutMs: number): WorkerStore {
  const by = <T>(name: string, call: Promise<T>) => withDeadline(call, timeoutMs, name);
  return {
    claim: (request) => by("claim", tasks.claim(request)),
    settle: (workerId, attempts, next) => by("settle", tasks.settle(workerId, attempts, next)),
    extend: (workerId, leases, leaseMs) => by("extend", tasks.extend(workerId, leases, leaseMs)),
    recover: (workerId, known) => by("recover", tasks.recover(workerId, known)),
    claimAfterWait: (request, waitMs, signal) =>
      withDeadline(tasks.claimAfterWait(request, waitMs, signal), waitMs + timeoutMs, "claimAfterWait"),
    promote: (limit) => by("promote", tasks.promote(limit)),
    reap: (settings) => by("reap", tasks.reap(settings)),
    prune: (policy, limit) => by("prune", tasks.prune(policy, limit)),
    beat: (beat) => by("beat", workers.beat(beat)),
    leave: (workerId) => by("leave", workers.leave(workerId)),
    onRevoked: (workerId, listener) => by("onRevoked", workers.onRevoked(workerId, listener)),
  };
}

/** The port is read at each call: a worker whose types name no services needs none. */
export function guardsWithDeadlines(stores: Pick<Stores, "guards">, timeoutMs: number): GuardStore {
  const by = <T>(name: string, call: Promise<T>) => withDeadline(call, timeoutMs, name);
  return {
    configure: (policy) => by("configure", stores.guards.configure(policy)),
    acquire: (policy, requests, maxWaitMs) =>
      by("acquire", stores.guards.acquire(policy, requests, maxWaitMs)),
    confirm: (policy, turns, maxWaitMs) => by("confirm", stores.guards.confirm(policy, turns, maxWaitMs)),
    cancel: (policy, turns) => by("cancel", stores.guards.cancel(policy, turns)),
    record: (policy, calls) => by("record", stores.guards.record(policy, calls)),
    subscribe: (listener) => by("subscribe", stores.guards.subscribe(listener)),
  };
}

/** What attempts leave in the store beside their outcome. */
export type AttemptStores = {
  outputs: Pick<TaskOutputs, "append" | "read">;
  steps: TaskSteps;
  cache: ResultCache;
};

export function attemptStoresWithDeadlines(
  stores: Pick<Stores, keyof AttemptStores>,
  timeoutMs: number,
): AttemptStores {
  const by = <T>(name: string, call: Promise<T>) => withDeadline(call, timeoutMs, name);
  return {
    outputs: {
      append: (workerId, lease, entries) => by("append", stores.outputs.append(workerId, lease, entries)),
      read: (taskId, after) => by("read", stores.outputs.read(taskId, after)),
    },
    steps: {
      read: (taskId) => by("read", stores.steps.read(taskId)),
      write: (workerId, lease, step) => by("write", stores.steps.write(workerId, lease, step)),
      forget: (taskId) => by("forget", stores.steps.forget(taskId)),
    },
    cache: {
      begin: (key, owner, flightMs) => by("begin", stores.cache.begin(key, owner, flightMs)),
      put: (key, owner, result) => by("put", stores.cache.put(key, owner, result)),
      abandon: (key, owner) => by("abandon", stores.cache.abandon(key, owner)),
    },
  };
}
