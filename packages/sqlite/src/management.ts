import { isTerminal, type ManagementOutcome, retryableStates, type TaskManagement } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { InputTable } from "./input-table.ts";
import type { QueueTable } from "./queue-table.ts";
import type { Ranks } from "./ranks.ts";
import type { Reaper } from "./reaper.ts";
import { removeTask } from "./removal.ts";
import type { Sweeper } from "./sweeper.ts";
import type { TaskLogs } from "./task-logs.ts";
import type { TaskRecord } from "./task-record.ts";
import { cancel, retry } from "./task-steps.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

export type ManagementParts = { tasks: TaskTable; inputs: InputTable; logs: TaskLogs; ranks: Ranks };
type Parts = ManagementParts & {
  commits: CommitQueue;
  queues: QueueTable;
  reaper: Reaper;
  sweeper: Sweeper;
};

export function createManagement(parts: Parts): TaskManagement {
  const { commits, queues, tasks, sweeper, reaper } = parts;
  return {
    cancel: (id, reason) =>
      commits.write((transaction) =>
        withTask(parts, id, (record) => cancelTask(parts, { record, reason }, transaction)),
      ),

    retry: (id, { resetRetryCount }) =>
      commits.write((transaction) =>
        withTask(parts, id, (record) => retryTask(parts, { record, resetRetryCount }, transaction)),
      ),

    async delete(id) {
      const record = await commits.write((transaction) => {
        const found = tasks.find(id);
        if (found) deleteTask(parts, found, transaction);
        return found;
      });
      if (record) sweeper.kick();
      return record ? { outcome: "deleted", from: record.state } : { outcome: "not_found" };
    },

    pause: (queue) => commits.write(() => queues.pause(queue)),

    resume: (queue) =>
      commits.write((transaction) => {
        const isResumed = queues.resume(queue);
        if (isResumed) transaction.wake(queue, queues.depthsOf(queue).high > 0);
        return isResumed;
      }),

    async pausedQueues() {
      commits.assertOpen();
      return queues.paused();
    },

    // The lane is a column of the row, so a PENDING task always stands in one: only leases can be orphaned here.
    requeueOrphaned: () => reaper.requeueExpired(),
  };
}

function withTask(
  { tasks }: Parts,
  id: string,
  step: (record: TaskRecord) => ManagementOutcome,
): ManagementOutcome {
  const record = tasks.find(id);
  return record === null ? { outcome: "not_found" } : step(record);
}

export function deleteTask(parts: ManagementParts, record: TaskRecord, transaction: Transaction): boolean {
  removeTask(parts, record, transaction);
  if (record.state === "ACTIVE") transaction.revoke(record.workerId ?? "", record.id);
  return true;
}

export function cancelTask(
  { tasks, ranks }: ManagementParts,
  { record, reason }: { record: TaskRecord; reason: string },
  transaction: Transaction,
): ManagementOutcome {
  const from = record.state;
  if (isTerminal(from)) return { outcome: "refused", state: from };
  cancel(record, { reason, isRevoked: true }, { now: transaction.now, ranks });
  tasks.save(record);
  transaction.publish(record, from, "CANCELLED");
  transaction.count("cancelled");
  if (from === "ACTIVE") transaction.revoke(record.workerId ?? "", record.id);
  return { outcome: "done", from, to: "CANCELLED" };
}

export function retryTask(
  { tasks, ranks }: ManagementParts,
  { record, resetRetryCount }: { record: TaskRecord; resetRetryCount: boolean },
  transaction: Transaction,
): ManagementOutcome {
  const from = record.state;
  const isRetryable = retryableStates.some((state) => state === from);
  if (!isRetryable) return { outcome: "refused", state: from };
  retry(record, resetRetryCount, { now: transaction.now, ranks });
  tasks.save(record);
  transaction.publish(record, from, "PENDING");
  transaction.wakeFor(record);
  return { outcome: "done", from, to: "PENDING" };
}
