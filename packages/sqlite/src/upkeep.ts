import type { RetentionPolicy, TaskUpkeep } from "@workstream/core";
import type { BatchIntake } from "./batch-intake.ts";
import type { CacheTable } from "./cache-table.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import type { InputTable } from "./input-table.ts";
import type { MetricsTable } from "./metrics-table.ts";
import type { QueueTable } from "./queue-table.ts";
import type { Ranks } from "./ranks.ts";
import type { Reaper } from "./reaper.ts";
import { removeTask } from "./removal.ts";
import type { Sweeper } from "./sweeper.ts";
import type { TaskLogs } from "./task-logs.ts";
import { type Row, recordColumns, recordOf } from "./task-record.ts";
import { promote } from "./task-steps.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";
import type { WorkerTable } from "./worker-table.ts";

type Parts = {
  connection: Connection;
  commits: CommitQueue;
  tasks: TaskTable;
  inputs: InputTable;
  logs: TaskLogs;
  cached: CacheTable;
  queues: QueueTable;
  ranks: Ranks;
  reaper: Reaper;
  workers: WorkerTable;
  metrics: MetricsTable;
  batches: BatchIntake;
  sweeper: Sweeper;
};

/** So many tasks are one transaction of a few ms. */
const chunk = 100;
const maxPruned = 200;
const restingStates = ["COMPLETED", "FAILED", "DLQ", "CANCELLED"] as const;

export function createUpkeep(parts: Parts): TaskUpkeep {
  const { commits, reaper, sweeper, batches } = parts;
  const promoteDue = preparePromote(parts);
  const sweepRest = prepareSweepRest(parts);
  return {
    async promote(limit) {
      let promoted = 0;
      for (;;) {
        const wanted = Math.min(chunk, limit - promoted);
        const { count, nextDueInMs } = await commits.write((transaction) => promoteDue(wanted, transaction));
        promoted += count;
        if (count < wanted || promoted >= limit) return { promoted, nextDueInMs };
      }
    },

    reap: (settings) => reaper.reap(settings),

    async prune(policy, limit) {
      let left = Math.min(limit, maxPruned);
      let pruned = 0;
      for (let count = 1; count > 0 && left > 0; left -= count) {
        count = await commits.write((transaction) =>
          pruneOldest(parts, { policy, limit: Math.min(left, chunk) }, transaction),
        );
        pruned += count;
      }
      await batches.finishLeftOver();
      await commits.write(sweepRest);
      sweeper.kick();
      return { pruned };
    },
  };
}

function preparePromote({ connection, tasks, ranks }: Parts) {
  const due = connection.prepare(
    `SELECT ${recordColumns} FROM tasks WHERE place = 'SCHEDULED' AND rank <= ? ORDER BY rank, id LIMIT ?`,
  );
  const next = connection.prepare("SELECT min(rank) FROM tasks WHERE place = 'SCHEDULED'");
  return (limit: number, transaction: Transaction) => {
    const { now } = transaction;
    const records = due.all<Row>(now, limit).map(recordOf);
    for (const record of records) {
      promote(record, { now, ranks });
      tasks.save(record);
      transaction.publish(record, "SCHEDULED", "PENDING");
      transaction.count("promoted");
      transaction.wake(record.queue);
    }
    const nextDueAt = next.first<[number | null]>()?.[0] ?? null;
    return { count: records.length, nextDueInMs: nextDueAt === null ? null : Math.max(0, nextDueAt - now) };
  };
}

type Pruning = { policy: RetentionPolicy; limit: number };

/** Both limits of a retention cut off the oldest, so one walk from the oldest on finds what goes. */
function pruneOldest(parts: Parts, { policy, limit }: Pruning, transaction: Transaction): number {
  let pruned = 0;
  for (const state of restingStates) {
    const { maxAgeMs, maxCount } = policy[state];
    const excess = (parts.queues.allDepths().get(state) ?? 0) - maxCount;
    for (const [index, record] of parts.tasks.firstOf(state, limit - pruned).entries()) {
      const isOld = (record.completedAt ?? 0) < transaction.now - maxAgeMs;
      if (index >= excess && !isOld) break;
      removeTask(parts, record, transaction);
      pruned += 1;
    }
    if (pruned >= limit) return pruned;
  }
  return pruned;
}

/** Everything else that has its time: uploads, output, steps, cached results, idempotency keys, figures, beats. */
function prepareSweepRest({ connection, inputs, logs, cached, metrics, workers }: Parts) {
  const expireKeys = connection.prepare(
    `DELETE FROM idempotency_keys WHERE key IN
      (SELECT key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT 500)`,
  );
  return ({ now }: Transaction): void => {
    inputs.condemnStale(now);
    logs.condemnLapsed(now);
    cached.dropLapsed(now);
    metrics.prune(now);
    workers.prune(now);
    expireKeys.run(now);
  };
}
