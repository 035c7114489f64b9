import { type BulkOperations, bulkCancelReason, type OperationRequest } from "@workstream/core";
import type { BulkWalk } from "./bulk-walk.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import { cancelTask, deleteTask, type ManagementParts, retryTask } from "./management.ts";
import type { OperationTable } from "./operation-table.ts";
import { isStoreFault } from "./store-errors.ts";
import type { Sweeper } from "./sweeper.ts";
import type { TaskRecord } from "./task-record.ts";
import type { Transaction } from "./transaction.ts";

type Parts = ManagementParts & {
  connection: Connection;
  commits: CommitQueue;
  operations: OperationTable;
  bulkWalk: BulkWalk;
  sweeper: Sweeper;
};

/** Operations on many tasks: each chunk is one transaction, in which it is read, done and counted. */
export function createBulkOperations(parts: Parts): BulkOperations {
  const { commits, operations, bulkWalk, sweeper } = parts;
  return {
    create: (operation, lease) =>
      commits.write(({ now }) => (operations.insert(operation, lease, now) ? "created" : "too_many")),

    async get(id) {
      commits.assertOpen();
      return operations.find(id)?.record ?? null;
    },

    async list(limit) {
      commits.assertOpen();
      return operations.newest(limit);
    },

    claim: (lease) => commits.write(({ now }) => operations.claim(lease, now)),

    async step(id, { owner, leaseMs }) {
      const outcome = await commits.write((transaction) => {
        const held = operations.find(id);
        if (held === null) return "lease_lost";
        const { record } = held;
        if (record.state !== "running") return "ended";
        if (held.owner !== owner) return "lease_lost";
        const { ids, cursor, isLast } = bulkWalk.next(record, held.cursor);
        const counts = actOnAll(parts, { ids, request: record.request }, transaction);
        const at = { now: transaction.now, until: transaction.now + leaseMs };
        operations.advance(record, { ...counts, cursor, isLast }, at);
        return isLast ? "ended" : "more";
      });
      sweeper.kick();
      return outcome;
    },

    async fail(id, owner, error) {
      await commits.write(({ now }) => operations.end(id, { owner, state: "failed", error }, now));
    },

    async release(id, owner) {
      await commits.write(({ now }) => operations.end(id, { owner, state: "running", error: null }, now));
    },

    cancel: (id) =>
      commits.write(({ now }) => operations.end(id, { owner: "", state: "cancelled", error: null }, now)),
  };
}

type Chunk = { ids: readonly (string | null)[]; request: OperationRequest };
type Outcome = "done" | "skipped" | "failed";

function actOnAll(parts: Parts, { ids, request }: Chunk, transaction: Transaction): Record<Outcome, number> {
  const counts = { done: 0, skipped: 0, failed: 0 };
  for (const id of ids) {
    const record = id === null ? null : parts.tasks.find(id);
    counts[record === null ? "skipped" : tryOne(parts, { record, request }, transaction)] += 1;
  }
  return counts;
}

type Act = { record: TaskRecord; request: OperationRequest };

/** What a task that can't be changed has written is undone; the rest of its chunk stands. */
function tryOne(parts: Parts, act: Act, transaction: Transaction): Outcome {
  const { connection } = parts;
  connection.exec("SAVEPOINT bulk");
  try {
    const isDone = actOnOne(parts, act, transaction);
    connection.exec("RELEASE bulk");
    return isDone ? "done" : "skipped";
  } catch (error) {
    if (isStoreFault(error)) throw error;
    connection.exec("ROLLBACK TO bulk; RELEASE bulk");
    return "failed";
  }
}

function actOnOne(parts: Parts, { record, request }: Act, transaction: Transaction): boolean {
  const { action, resetRetryCount } = request;
  if (action === "delete") return deleteTask(parts, record, transaction);
  const { outcome } =
    action === "cancel"
      ? cancelTask(parts, { record, reason: bulkCancelReason }, transaction)
      : retryTask(parts, { record, resetRetryCount }, transaction);
  return outcome === "done";
}
