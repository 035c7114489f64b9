import type { ReapSettings } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection, Statement } from "./connection.ts";
import type { Ranks } from "./ranks.ts";
import { type Row, recordColumns, recordOf, type TaskRecord } from "./task-record.ts";
import { reap, requeue } from "./task-steps.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";
import type { WorkerTable } from "./worker-table.ts";

type Parts = {
  connection: Connection;
  commits: CommitQueue;
  tasks: TaskTable;
  ranks: Ranks;
  workers: WorkerTable;
  /** Workers of this process whose leases are not to be taken; empty where they may be. */
  spared: () => ReadonlySet<string>;
};

/** After a longer pause, leases that ran out may belong to living workers. */
const longestPauseMs = 5_000;
/** So many tasks are one transaction of a few ms. */
const chunk = 100;

type Reaped = { requeued: number; buried: number };

/**
 * Takes tasks whose lease ran out from their workers.
 *
 * All workers live in this process, so a lease mostly runs out because the event loop stood still, and then the worker
 * is as alive as the reaper: workers that claimed through this connection are spared until they leave. What the last
 * process left ACTIVE is recovered at once, for its workers are dead.
 */
export class Reaper {
  readonly #parts: Parts;
  readonly #expired: Statement;
  #lastAt: number | null = null;
  #graceUntil = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#expired = parts.connection.prepare(
      `SELECT ${recordColumns} FROM tasks WHERE place = 'ACTIVE' AND rank <= ? ORDER BY rank, id`,
    );
  }

  async reap({ leaseMs, maxLostWorkers, limit }: ReapSettings): Promise<Reaped & { isWaiting: boolean }> {
    const sum: Reaped = { requeued: 0, buried: 0 };
    if (await this.#parts.commits.write(({ now }) => this.#isWaiting(now, leaseMs))) {
      return { ...sum, isWaiting: true };
    }
    for (let left = limit; left > 0; left -= chunk) {
      const wanted = Math.min(left, chunk);
      const { requeued, buried } = await this.#parts.commits.write((transaction) =>
        this.#reapExpired({ maxLostWorkers, limit: wanted }, transaction),
      );
      sum.requeued += requeued;
      sum.buried += buried;
      if (requeued + buried < wanted) break;
    }
    return { ...sum, isWaiting: false };
  }

  /** Takes every ACTIVE task, each with a strike: whoever ran them is dead. Answers how many there were. */
  async recoverAll(maxLostWorkers: number): Promise<number> {
    let recovered = 0;
    for (;;) {
      const count = await this.#parts.commits.write((transaction) => {
        const records = this.#parts.tasks.firstOf("ACTIVE", chunk);
        for (const record of records) this.#take(record, maxLostWorkers, transaction);
        return records.length;
      });
      recovered += count;
      if (count < chunk) return recovered;
    }
  }

  /** Puts tasks with a lease that ran out on their retry list, with no strike; none while the reaper waits. */
  async requeueExpired(): Promise<{ found: number; requeued: number; errors: string[] }> {
    return this.#parts.commits.write((transaction) => {
      const { now } = transaction;
      const found = this.#findExpired(now).sort((a, b) => (a.id < b.id ? -1 : 1));
      const orphans = now < this.#graceUntil ? [] : found;
      for (const record of orphans) {
        requeue(record, { now, ranks: this.#parts.ranks });
        this.#save(record, transaction);
      }
      return { found: found.length, requeued: orphans.length, errors: [] };
    });
  }

  #isWaiting(now: number, leaseMs: number): boolean {
    const last = this.#lastAt;
    if (last === null || now - last > longestPauseMs || now < last) this.#graceUntil = now + leaseMs;
    this.#lastAt = now;
    return now < this.#graceUntil;
  }

  #reapExpired(
    { maxLostWorkers, limit }: { maxLostWorkers: number; limit: number },
    transaction: Transaction,
  ) {
    const reaped: Reaped = { requeued: 0, buried: 0 };
    for (const record of this.#findExpired(transaction.now).slice(0, limit)) {
      const isBuried = this.#take(record, maxLostWorkers, transaction) === "DLQ";
      reaped[isBuried ? "buried" : "requeued"] += 1;
    }
    return reaped;
  }

  #findExpired(now: number): TaskRecord[] {
    const spared = this.#parts.spared();
    const expired = this.#expired.all<Row>(now).map(recordOf);
    return expired.filter(({ workerId }) => !spared.has(workerId ?? ""));
  }

  #take(record: TaskRecord, maxLostWorkers: number, transaction: Transaction): TaskRecord["state"] {
    const { ranks, workers } = this.#parts;
    const lastWords = workers.lastWords(record.workerId ?? "");
    reap(record, { lastWords, maxLostWorkers }, { now: transaction.now, ranks });
    this.#save(record, transaction);
    return record.state;
  }

  #save(record: TaskRecord, transaction: Transaction): void {
    this.#parts.tasks.save(record);
    if (record.state === "DLQ") {
      transaction.publishFailure(record, "DLQ");
      transaction.countBurial();
    } else {
      transaction.publish(record, "ACTIVE", "PENDING");
      transaction.wakeFor(record);
    }
  }
}
