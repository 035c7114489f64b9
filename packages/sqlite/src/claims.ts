import type { ClaimedTask, ClaimRequest, Lane } from "@workstream/core";
import { type LaneDepths, shareClaims, type Takes } from "./claim-shares.ts";
import { type Connection, type Statement, textOfAny } from "./connection.ts";
import type { InputTable } from "./input-table.ts";
import { lanePlace, lanes, parseLane } from "./places.ts";
import type { QueueTable } from "./queue-table.ts";
import type { Ranks } from "./ranks.ts";
import { type Row, recordColumns, recordOf, recordWidth, type TaskRecord } from "./task-record.ts";
import { bury, expire, nextLease } from "./task-steps.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

type Parts = {
  connection: Connection;
  tasks: TaskTable;
  inputs: InputTable;
  queues: QueueTable;
  ranks: Ranks;
};

const unreadable = {
  error: "The task's hash can't be read: it has no content.",
  errorType: "ValidationError",
  isOurs: true,
} as const;

/** One claim passes over no more tasks that can't run, which bounds how long it takes. */
const maxPassedOver = 200;
/** Of a queue, with its retries. */
const allLanes = [...lanes, "retry"] as const;
const highAlone = ["high"] as const;

/** Takes tasks from lanes and retry lists, each with a lease. */
export class Claims {
  readonly #parts: Parts;
  readonly #head: Statement;
  readonly #claim: Statement;
  readonly #workers = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#head = parts.connection.prepare(
      `SELECT ${recordColumns}, CAST(content AS BLOB) FROM tasks
       WHERE place = ? ORDER BY rank, id LIMIT ? OFFSET ?`,
    );
    this.#claim = parts.connection.prepare(
      `UPDATE tasks SET state = 'ACTIVE', place = 'ACTIVE', rank = ?1, started_at = ?2, updated_at = ?2,
        worker_id = ?3, lease = max(lease + 1, ?2 * 1000)
       WHERE seq IN (SELECT value FROM json_each(?4))`,
    );
  }

  /** Workers that claimed since the file was opened and have not left. */
  get workers(): ReadonlySet<string> {
    return this.#workers;
  }

  forget(workerId: string): void {
    this.#workers.delete(workerId);
  }

  claim(request: ClaimRequest, transaction: Transaction): ClaimedTask[] {
    this.#workers.add(request.workerId);
    const claimed: ClaimedTask[] = [];
    for (const [queue, asked] of Object.entries(request.queues)) {
      const count = Math.min(asked, request.limit - claimed.length);
      if (count > 0 && !this.#parts.queues.isPaused(queue)) {
        claimed.push(...this.#claimFrom(queue, count, { request, transaction }));
      }
    }
    return claimed;
  }

  #claimFrom(queue: string, count: number, claiming: Claiming): ClaimedTask[] {
    const { queues } = this.#parts;
    const depths = queues.depthsOf(queue);
    const isHighOnly = claiming.request.lane === "high";
    const waiting = isHighOnly ? depths.high : depths.high + depths.normal + depths.low + depths.retry;
    if (waiting === 0) return [];
    const takes = isHighOnly
      ? [{ place: "high" as const, count: Math.min(count, depths.high) }]
      : this.#share(queue, count, depths, claiming.request);
    const from = isHighOnly ? highAlone : allLanes;
    const { tasks, passedOver } = this.#pick({ queue, count, takes, from }, claiming.transaction);
    if (tasks.length + passedOver < waiting) {
      claiming.transaction.wake(queue, depths.high > 0 && this.#isHighLeft(queue, tasks));
    }
    return this.#lease(tasks, claiming);
  }

  /** Of those picked none is taken off its lane yet; what was passed over is. */
  #isHighLeft(queue: string, picked: readonly Candidate[]): boolean {
    const ofHigh = picked.filter(({ record }) => record.place === lanePlace(queue, "high"));
    return this.#parts.queues.depthsOf(queue).high > ofHigh.length;
  }

  #share(queue: string, count: number, depths: LaneDepths, { retryRatio }: ClaimRequest): Takes {
    const { queues } = this.#parts;
    const before = queues.carriesOf(queue);
    const carries = { ...before };
    const takes = shareClaims(count, depths, { carries, settings: retryRatio });
    queues.setCarries(queue, before, carries);
    return takes;
  }

  /** The shares first; what expired or can't be read leaves room, and whoever comes next takes it. */
  #pick({ queue, count, takes, from }: Picking, transaction: Transaction): Picked {
    const picked: Picked = { tasks: [], passedOver: 0 };
    const heads = new Map<string, number>();
    const look = (lane: Lane, wanted: number) => {
      const place = lanePlace(queue, lane);
      const seen = heads.get(place) ?? 0;
      const found = this.#look({ place, skip: seen, wanted }, picked, transaction);
      heads.set(place, seen + found);
    };
    for (const take of takes) look(take.place, take.count);
    for (const lane of from) {
      if (picked.passedOver > 0 && picked.tasks.length < count) look(lane, count - picked.tasks.length);
    }
    return picked;
  }

  /** The next `wanted` tasks of a place after the first `skip`, which were picked before; answers how many. */
  #look({ place, skip, wanted }: Look, picked: Picked, transaction: Transaction): number {
    let found = 0;
    while (found < wanted && picked.passedOver < maxPassedOver) {
      const rows = this.#head.all<Row>(place, wanted - found, skip + found);
      const candidates = rows.map((row) => ({ record: recordOf(row), content: textOfAny(row[recordWidth]) }));
      const runnable = candidates.filter((candidate) => this.#isRunnable(candidate, transaction));
      picked.tasks.push(...runnable);
      picked.passedOver += rows.length - runnable.length;
      found += runnable.length;
      if (runnable.length === rows.length) break;
    }
    return found;
  }

  #lease(candidates: readonly Candidate[], { request, transaction }: Claiming): ClaimedTask[] {
    const { now } = transaction;
    const seqs = candidates.map(({ record }) => record.seq);
    if (seqs.length > 0) {
      this.#claim.run(now + request.leaseMs, now, request.workerId, JSON.stringify(seqs));
    }
    return candidates.map(({ record, content }) => {
      transaction.publish(record, "PENDING", "ACTIVE");
      return this.#claimedTask(record, content, now);
    });
  }

  /** Cancels what expired and buries what can't be read: neither runs. */
  #isRunnable({ record, content }: Candidate, transaction: Transaction): boolean {
    const { tasks, ranks } = this.#parts;
    const { now } = transaction;
    const isExpired = record.startedAt === null && record.expiresAt !== null && record.expiresAt <= now;
    const isUnreadable = content === null && !record.hasInput;
    if (!isExpired && !isUnreadable) return true;
    const context = { now, ranks };
    if (isUnreadable) bury(record, unreadable, context);
    else expire(record, context);
    tasks.save(record);
    transaction.publish(record, "PENDING", record.state);
    if (isUnreadable) transaction.countBurial();
    else transaction.count("cancelled");
    return false;
  }

  #claimedTask(record: TaskRecord, content: string | null, now: number): ClaimedTask {
    const { id, type, queue, contentKind, metadata, retryCount, maxRetries, timeoutMs, createdAt, place } =
      record;
    return {
      id,
      token: String(nextLease(record.lease, now)),
      type,
      queue,
      lane: parseLane(place)?.lane ?? "normal",
      contentKind,
      content: content ?? this.#parts.inputs.text(id) ?? "",
      metadata,
      attempt: retryCount + record.lost + 1,
      retryCount,
      maxRetries,
      timeoutMs,
      createdAt,
      claimedAt: now,
      ageMs: Math.max(0, now - (record.dueAt ?? createdAt)),
      wasParked: record.wasParked,
      freeFailures: record.freeFailures,
    };
  }
}

type Claiming = { request: ClaimRequest; transaction: Transaction };
type Picking = { queue: string; count: number; takes: Takes; from: readonly Lane[] };
type Picked = { tasks: Candidate[]; passedOver: number };
type Look = { place: string; skip: number; wanted: number };
type Candidate = { record: TaskRecord; content: string | null };
