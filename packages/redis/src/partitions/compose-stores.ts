/** The stores over several partitions, each of which is a store of its own. */
import type { Stores, TaskStore } from "@workstream/core";
import type { ConnectionLogger } from "../connection.ts";
import { startLeaseGuard } from "../lease-guard.ts";
import { KeyHomes } from "./key-homes.ts";
import type { KeySpace } from "./key-space.ts";
import { registerPartitions } from "./partition-records.ts";
import { PartitionSet } from "./partition-set.ts";
import { PartitionedCache } from "./partitioned-cache.ts";
import { PartitionedEvents } from "./partitioned-events.ts";
import { PartitionedGuards } from "./partitioned-guards.ts";
import { PartitionedIntake } from "./partitioned-intake.ts";
import { PartitionedLeases } from "./partitioned-leases.ts";
import { PartitionedManagement } from "./partitioned-management.ts";
import { PartitionedMetrics } from "./partitioned-metrics.ts";
import { PartitionedOperations } from "./partitioned-operations.ts";
import { PartitionedProbe } from "./partitioned-probe.ts";
import { PartitionedReading } from "./partitioned-reading.ts";
import { PartitionedInputs, PartitionedOutputs, PartitionedSteps } from "./partitioned-task-data.ts";
import { PartitionedUpkeep } from "./partitioned-upkeep.ts";
import { PartitionedWorkers } from "./partitioned-workers.ts";

/** @throws invalid_input when these are not the partitions that were here before */
export async function composeStores(spaces: readonly KeySpace[], logger?: ConnectionLogger): Promise<Stores> {
  const partitions = new PartitionSet(spaces);
  const changedAt = await registerPartitions(partitions);
  return {
    tasks: taskStore(partitions, changedAt),
    inputs: new PartitionedInputs(partitions),
    workers: new PartitionedWorkers(partitions),
    events: new PartitionedEvents(partitions),
    metrics: new PartitionedMetrics(partitions),
    guards: new PartitionedGuards(partitions),
    services: partitions.home.stores.services,
    outputs: new PartitionedOutputs(partitions),
    steps: new PartitionedSteps(partitions),
    cache: new PartitionedCache(partitions),
    operations: new PartitionedOperations(partitions),
    probe: new PartitionedProbe(partitions),
    guardLeases: (guard) => startLeaseGuard({ ...guard, places: spaces.map(({ place }) => place) }, logger),
    close: async () => {
      await Promise.all(spaces.map(({ stores }) => stores.close()));
    },
  };
}

function taskStore(partitions: PartitionSet, changedAt: number): TaskStore {
  const intake = new PartitionedIntake(partitions, new KeyHomes(partitions, changedAt));
  const leases = new PartitionedLeases(partitions);
  const management = new PartitionedManagement(partitions);
  const reading = new PartitionedReading(partitions);
  const upkeep = new PartitionedUpkeep(partitions);
  return {
    mintId: (group) => intake.mintId(group),
    enqueue: (task) => intake.enqueue(task),
    enqueueBatch: (tasks) => intake.enqueueBatch(tasks),
    claim: (request) => leases.claim(request),
    settle: (workerId, attempts, next) => leases.settle(workerId, attempts, next),
    extend: (workerId, extensions, leaseMs) => leases.extend(workerId, extensions, leaseMs),
    recover: (workerId, knownIds) => leases.recover(workerId, knownIds),
    waitForWork: (queues, timeoutMs, signal) => leases.waitForWork(queues, timeoutMs, signal),
    claimAfterWait: (request, timeoutMs, signal) => leases.claimAfterWait(request, timeoutMs, signal),
    cancel: (id, reason) => management.cancel(id, reason),
    retry: (id, options) => management.retry(id, options),
    delete: (id) => management.delete(id),
    pause: (queue) => management.pause(queue),
    resume: (queue) => management.resume(queue),
    pausedQueues: () => management.pausedQueues(),
    requeueOrphaned: () => management.requeueOrphaned(),
    get: (id) => reading.get(id),
    list: (query) => reading.list(query),
    status: () => reading.status(),
    queueOverview: () => reading.queueOverview(),
    linePosition: (id) => reading.linePosition(id),
    queueTaskIds: (queue, limit) => reading.queueTaskIds(queue, limit),
    deadLetters: (limit) => reading.deadLetters(limit),
    deadLetterGroups: (limit) => reading.deadLetterGroups(limit),
    promote: (limit) => upkeep.promote(limit),
    reap: (settings) => upkeep.reap(settings),
    prune: (policy, limit) => upkeep.prune(policy, limit),
  };
}
