import type { RetentionPolicy, TaskUpkeep } from "@workstream/core";
import type { BatchIntake } from "./batch-intake.ts";
import type { CacheTable } from "./cache-table.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import type { InputTable } from "./input-table.ts";
import type { MetricsTable } from "./metrics-table.ts";
import type { ParkedLines } from "./parked-lines.ts";
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
  lines: ParkedLines;
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
  const seatStale = prepareSeating(parts);
  const sweepRest = prepareSweepRest(parts);
  return {
    async promote(limit) {
      let promoted = 0;
      for (;;) {
        const wanted = Math.min(chunk, limit - promoted);
        const { count, nextDueInMs } = await commits.write((transaction) => promoteDue(wanted, transaction));
        promoted += count;
        if (promoted >= limit) return { promoted, nextDueInMs };
        if (count < wanted) return { promoted, nextDueInMs: await seatStale(limit - promoted, nextDueInMs) };
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

/** Gives tasks of stale lines new due times; answers in how long the next one is due: now, while there are more. */
function prepareSeating({ commits, lines, connection }: Parts) {
  const next = prepareNextDue(connection);
  return async (limit: number, nextDueInMs: number | null): Promise<number | null> => {
    if (!lines.hasStale) return nextDueInMs;
    for (let left = limit; left > 0; left -= chunk) {
      const seated = await commits.write(({ now }) => ({
        hasMore: lines.seatSome(Math.min(left, chunk), now),
        nextDueInMs: next(now),
      }));
      if (!seated.hasMore) return seated.nextDueInMs;
    }
    return 0;
  };
}

function prepareNextDue({ prepare }: Connection) {
  const next = prepare("SELECT min(rank) FROM tasks WHERE place = 'SCHEDULED'");
  return (now: number): number | null => {
    const dueAt = next.first<[number | null]>()?.[0] ?? null;
    return dueAt === null ? null : Math.max(0, dueAt - now);
  };
}

function preparePromote({ connection, tasks, ranks, lines }: Parts) {
  const due = connection.prepare(
    `SELECT ${recordColumns} FROM tasks WHERE place = 'SCHEDULED' AND rank <= ? ORDER BY rank, id LIMIT ?`,
  );
  const next = prepareNextDue(connection);
  return (limit: number, transaction: Transaction) => {
    const { now } = transaction;
    const records = due.all<Row>(now, limit).map(recordOf);
    for (const record of records) {
      promote(record, { now, ranks });
      tasks.save(record);
      transaction.publish(record, "SCHEDULED", "PENDING");
      transaction.count("promoted");
      transaction.wakeFor(record);
    }
    const isAll = records.length === limit && lines.hasStale;
    return { count: records.length, nextDueInMs: isAll ? 0 : next(now) };
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
