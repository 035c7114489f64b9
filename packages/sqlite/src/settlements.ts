import type { Lease, Settlement, SettleOutcome, TaskState } from "@workstream/core";
import { anyText, type Connection, type Statement } from "./connection.ts";
import type { ParkedLines } from "./parked-lines.ts";
import type { Ranks } from "./ranks.ts";
import type { TaskRecord } from "./task-record.ts";
import { backOff, bury, cancel, release, rest, snooze } from "./task-steps.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

export type Attempt = Lease & { settlement: Settlement };

type CompletedRow = [type: string, createdAt: number, startedAt: number | null];

type Parts = { connection: Connection; tasks: TaskTable; ranks: Ranks; lines: ParkedLines };

/** Ends attempts, each for the holder of its lease only. */
export class Settlements {
  readonly #tasks: TaskTable;
  readonly #ranks: Ranks;
  readonly #lines: ParkedLines;
  readonly #holder: Statement;
  readonly #complete: Statement;

  constructor({ connection, tasks, ranks, lines }: Parts) {
    this.#tasks = tasks;
    this.#lines = lines;
    this.#ranks = ranks;
    this.#holder = connection.prepare("SELECT state, lease, worker_id FROM tasks WHERE id = ?");
    this.#complete = connection.prepare(
      `UPDATE tasks SET state = 'COMPLETED', place = 'COMPLETED', rank = ?1, updated_at = ?1, completed_at = ?1,
        result = ?2 WHERE id = ?3 AND state = 'ACTIVE' AND lease = ?4 AND worker_id = ?5
       RETURNING type, created_at, started_at`,
    );
  }

  settle(workerId: string, attempt: Attempt, transaction: Transaction): SettleOutcome {
    const { id, token, settlement } = attempt;
    if (settlement.kind === "complete" && this.#completeTask(workerId, attempt, transaction))
      return "settled";
    const holder = this.#holder.first<[TaskState, number, string | null]>(id);
    if (holder === undefined) return "not_found";
    const [state, lease, holderId] = holder;
    if (String(lease) !== token) return "lease_lost";
    // The token of a task that no longer runs is the one it was settled with: the first reply was lost.
    if (state !== "ACTIVE") return "settled";
    if (holderId !== workerId || settlement.kind === "complete") return "lease_lost";
    this.#step(id, settlement, transaction);
    return "settled";
  }

  /** Back to the head of its lane: by its worker, or for a worker that does not know of it. */
  release(record: TaskRecord, transaction: Transaction): void {
    release(record, { now: transaction.now, ranks: this.#ranks });
    this.#tasks.save(record);
    transaction.publish(record, "ACTIVE", "PENDING");
    transaction.wakeFor(record);
  }

  /** One statement proves the lease and writes the result; false when the lease does not hold. */
  #completeTask(workerId: string, { id, token, settlement }: Attempt, transaction: Transaction): boolean {
    if (settlement.kind !== "complete") return false;
    const { now } = transaction;
    const lease = Number(token);
    if (String(lease) !== token) return false;
    const row = this.#complete.first<CompletedRow>(now, anyText(settlement.result), id, lease, workerId);
    if (!row) return false;
    const [type, createdAt, startedAt] = row;
    const totalMs = Math.max(0, now - createdAt);
    transaction.complete({ totalMs, runMs: Math.max(0, now - (startedAt ?? now)) });
    transaction.publish({ id, type }, "ACTIVE", "COMPLETED");
    return true;
  }

  #step(id: string, settlement: Exclude<Settlement, { kind: "complete" }>, transaction: Transaction): void {
    const record = this.#tasks.find(id);
    if (record === null) return;
    const context = { now: transaction.now, ranks: this.#ranks };
    switch (settlement.kind) {
      case "release":
        this.release(record, transaction);
        return;
      case "snooze":
        snooze(record, settlement, context);
        transaction.publish(record, "ACTIVE", "SCHEDULED");
        break;
      case "cancel":
        cancel(record, { reason: settlement.reason, isRevoked: false }, context);
        transaction.publish(record, "ACTIVE", "CANCELLED");
        transaction.count("cancelled");
        break;
      case "fail":
        this.#fail(record, settlement, transaction);
        break;
    }
    this.#tasks.save(record);
    if (settlement.kind === "snooze" && settlement.isParked) this.#park(record, settlement, transaction);
  }

  #park(
    record: TaskRecord,
    { parking }: Extract<Settlement, { kind: "snooze" }>,
    { now }: Transaction,
  ): void {
    if (parking) this.#lines.join(record.seq, parking, { dueAt: record.rank, now });
  }

  #fail(record: TaskRecord, failure: Extract<Settlement, { kind: "fail" }>, transaction: Transaction): void {
    const context = { now: transaction.now, ranks: this.#ranks };
    const { next } = failure;
    if (next.to === "SCHEDULED") backOff(record, failure, next.delayMs, context);
    else if (next.to === "DLQ") bury(record, failure, context);
    else rest(record, failure, context);
    transaction.publishFailure(record, next.to);
    if (next.to === "SCHEDULED") transaction.count("retried");
    else if (next.to === "DLQ") transaction.countBurial();
    else transaction.count("failed");
  }
}
