import {
  maxOperations,
  type OperationCount,
  type OperationLease,
  type OperationRecord,
  type OperationRequest,
  type OperationState,
  operationKeptMs,
} from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

const columns = `id, request, total, total_is_estimate, done, skipped, failed, state, error, started_at, updated_at,
  finished_at, cursor, owner`;
type OperationRow = [
  ...[id: string, request: string, total: number, isTotalEstimate: number],
  ...[done: number, skipped: number, failed: number, state: OperationState, error: string | null],
  ...[startedAt: number, updatedAt: number, finishedAt: number | null, cursor: string | null, owner: string],
];

export type HeldOperation = { record: OperationRecord; cursor: unknown; owner: string };
export type NewOperation = { id: string; request: OperationRequest; count: OperationCount };
export type Progress = { done: number; skipped: number; failed: number; cursor: unknown; isLast: boolean };

/** Rows of `operations`. */
export class OperationTable {
  readonly #statements: Record<
    | "insert"
    | "find"
    | "newest"
    | "excess"
    | "dropEnded"
    | "dropOld"
    | "claimable"
    | "take"
    | "advance"
    | "end",
    Statement
  >;

  constructor({ prepare }: Connection) {
    this.#statements = {
      insert: prepare(
        `INSERT INTO operations (id, request, total, total_is_estimate, started_at, updated_at, owner, lease_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)`,
      ),
      find: prepare(`SELECT ${columns} FROM operations WHERE id = ?`),
      newest: prepare(`SELECT ${columns} FROM operations ORDER BY started_at DESC, id DESC LIMIT ?`),
      excess: prepare(`SELECT count(*) - ${maxOperations} + 1 FROM operations`),
      dropEnded: prepare(
        `DELETE FROM operations WHERE id IN
          (SELECT id FROM operations WHERE state <> 'running' ORDER BY started_at, id LIMIT ?)`,
      ),
      dropOld: prepare("DELETE FROM operations WHERE updated_at < ?"),
      claimable: prepare(
        `SELECT id FROM operations WHERE state = 'running' AND lease_until <= ? ORDER BY started_at, id LIMIT 1`,
      ),
      take: prepare("UPDATE operations SET owner = ?, lease_until = ?, updated_at = ? WHERE id = ?"),
      advance: prepare(
        `UPDATE operations SET done = ?, skipped = ?, failed = ?, cursor = ?, total = ?, total_is_estimate = ?,
          state = ?, finished_at = ?, updated_at = ?, lease_until = ? WHERE id = ?`,
      ),
      end: prepare(
        `UPDATE operations SET state = ?1, error = ?2, updated_at = ?3, lease_until = 0,
          finished_at = CASE ?1 WHEN 'running' THEN NULL ELSE ?3 END
         WHERE id = ?4 AND state = 'running' AND (?5 = '' OR owner = ?5)`,
      ),
    };
  }

  /** False when all that are kept are running. */
  insert({ id, request, count }: NewOperation, { owner, leaseMs }: OperationLease, now: number): boolean {
    const { insert, excess, dropEnded, dropOld } = this.#statements;
    dropOld.run(now - operationKeptMs);
    const [over] = excess.first<[number]>() ?? [0];
    if (over > 0 && dropEnded.run(over) < over) return false;
    const facts = [JSON.stringify(request), count.matched, count.isEstimate ? 1 : 0] as const;
    insert.run(id, ...facts, now, owner, now + leaseMs);
    return true;
  }

  find(id: string): HeldOperation | null {
    const row = this.#statements.find.first<OperationRow>(id);
    return row ? heldOf(row) : null;
  }

  newest(limit: number): OperationRecord[] {
    return this.#statements.newest.all<OperationRow>(limit).map((row) => heldOf(row).record);
  }

  claim({ owner, leaseMs }: OperationLease, now: number): string | null {
    const [id] = this.#statements.claimable.first<[string]>(now) ?? [null];
    if (id !== null) this.#statements.take.run(owner, now + leaseMs, now, id);
    return id;
  }

  advance(
    record: OperationRecord,
    { cursor, isLast, ...counts }: Progress,
    at: { now: number; until: number },
  ) {
    const done = record.done + counts.done;
    const failed = record.failed + counts.failed;
    const seen = done + failed + record.skipped + counts.skipped;
    // What matched at the start and was met no more had changed.
    const unmet = isLast && !record.isTotalEstimate ? Math.max(0, record.total - seen) : 0;
    const skipped = record.skipped + counts.skipped + unmet;
    const total = isLast ? seen + unmet : record.total;
    const isEstimate = record.isTotalEstimate && !isLast;
    this.#statements.advance.run(
      ...[done, skipped, failed, JSON.stringify(cursor), total, isEstimate ? 1 : 0],
      ...[isLast ? "completed" : "running", isLast ? at.now : null, at.now, at.until, record.id],
    );
  }

  /** To `running` only the lease is given back. `owner` empty: whoever holds it. */
  end(id: string, { owner, state, error }: Ending, now: number): boolean {
    return this.#statements.end.run(state, error, now, id, owner) > 0;
  }
}

export type Ending = { owner: string; state: OperationState; error: string | null };

function heldOf(row: OperationRow): HeldOperation {
  const [id, request, total, isEstimate, done, skipped, failed, state, error, ...rest] = row;
  const [startedAt, updatedAt, finishedAt, cursor, owner] = rest;
  const record: OperationRecord = {
    ...{ id, request: JSON.parse(request) as OperationRequest, total, isTotalEstimate: isEstimate === 1 },
    ...{ done, skipped, failed, state, error, startedAt, updatedAt, finishedAt },
  };
  return { record, cursor: cursor === null ? null : JSON.parse(cursor), owner };
}
