/** One object for five roles, each in a file of its own. */
import type {
  TaskIntake,
  TaskLeases,
  TaskManagement,
  TaskReading,
  TaskStore,
  TaskUpkeep,
} from "@workstream/core";

export type TaskRoles = {
  intake: TaskIntake;
  leases: TaskLeases;
  management: TaskManagement;
  reading: TaskReading;
  upkeep: TaskUpkeep;
};

export function taskStore({ intake, leases, management, reading, upkeep }: TaskRoles): TaskStore {
  return {
    mintId: (group) => intake.mintId(group),
    enqueue: (task) => intake.enqueue(task),
    enqueueBatch: (tasks) => intake.enqueueBatch(tasks),
    remembers: (keys) => intake.remembers(keys),
    claim: (request) => leases.claim(request),
    settle: (workerId, attempts, next) => leases.settle(workerId, attempts, next),
    extend: (workerId, extensions, leaseMs) => leases.extend(workerId, extensions, leaseMs),
    recover: (workerId, known) => leases.recover(workerId, known),
    waitForWork: (queues, timeoutMs, signal, lane) => leases.waitForWork(queues, timeoutMs, signal, lane),
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
