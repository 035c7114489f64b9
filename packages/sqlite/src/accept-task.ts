import {
  type EnqueueOutcome,
  idempotencyTtlMs,
  inputChunkBytes,
  type NewTask,
  primaryQueue,
  timeOfTaskId,
} from "@workstream/core";
import { anyText, type Connection, type Statement } from "./connection.ts";
import { appendHistory } from "./history-log.ts";
import { type InputTable, splitChunks } from "./input-table.ts";
import { lanePlace } from "./places.ts";
import type { Ranks } from "./ranks.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Longer texts live beside the task's row: each step of a task writes its row anew, whole. (The 64 kB of the protocol
 * are an upper bound; at 2 kB a row stays within its page.)
 */
const inlineBytes = 2 * 1024;

/** Texts over this size are uploaded before they are accepted, chunk by chunk. */
export const uploadedTextBytes = inputChunkBytes;

type Parts = { connection: Connection; tasks: TaskTable; inputs: InputTable; ranks: Ranks };

/** Accepts single tasks within a transaction. */
export class TaskAcceptance {
  readonly #tasks: TaskTable;
  readonly #inputs: InputTable;
  readonly #ranks: Ranks;
  readonly #findKey: Statement;
  readonly #setKey: Statement;
  readonly #addQueue: Statement;

  constructor({ connection, tasks, inputs, ranks }: Parts) {
    this.#tasks = tasks;
    this.#inputs = inputs;
    this.#ranks = ranks;
    this.#findKey = connection.prepare(
      "SELECT task_id, fingerprint FROM idempotency_keys WHERE key = ? AND expires_at > ?",
    );
    this.#setKey = connection.prepare(
      "INSERT OR REPLACE INTO idempotency_keys (key, task_id, fingerprint, expires_at) VALUES (?, ?, ?, ?)",
    );
    this.#addQueue = connection.prepare("INSERT OR IGNORE INTO queues (name) VALUES (?)");
  }

  /** What `accept` would answer if it would not create the task; null if it would. */
  refusal({ id, idempotency }: NewTask, now: number): EnqueueOutcome | null {
    if (this.#tasks.has(id)) return { outcome: "exists", id };
    if (idempotency === null) return null;
    const row = this.#findKey.first<[string, string]>(idempotency.key, now);
    if (row === undefined) return null;
    return { outcome: row[1] === idempotency.fingerprint ? "exists" : "conflict", id: row[0] };
  }

  remembers(key: string, now: number): boolean {
    return this.#findKey.first(key, now) !== undefined;
  }

  /** @throws store_full when the texts of these tasks would pass the bound on stored input bytes */
  assertRoom(tasks: readonly NewTask[]): void {
    const bytes = tasks.reduce((sum, task) => sum + bytesBeside(task), 0);
    if (bytes > 0) this.#inputs.assertRoom(bytes);
  }

  accept(task: NewTask, transaction: Transaction): EnqueueOutcome {
    const refused = task.idempotency === null ? null : this.refusal(task, transaction.now);
    if (refused !== null) return refused;
    const state = this.#insert(task, transaction.now);
    if (state === null) return { outcome: "exists", id: task.id };
    if (task.idempotency !== null) this.#remember(task.id, task.idempotency, transaction.now);
    if (task.queue !== primaryQueue) this.#addQueue.run(task.queue);
    transaction.publish(task, null, state);
    transaction.count("created");
    if (state === "PENDING") transaction.wake(task.queue, task.priority === "high");
    return { outcome: "created", id: task.id, state };
  }

  #remember(id: string, { key, fingerprint }: { key: string; fingerprint: string }, now: number): void {
    this.#setKey.run(key, id, fingerprint, now + idempotencyTtlMs);
  }

  /** Null when the id is taken. */
  #insert(task: NewTask, now: number): "PENDING" | "SCHEDULED" | null {
    const createdAt = timeOfTaskId(task.id) ?? now;
    const due = dueAt(task, createdAt, now);
    const bytes = Buffer.byteLength(task.content);
    const isBeside = task.contentKind !== "file" && bytes > inlineBytes;
    const state = due === null ? "PENDING" : "SCHEDULED";
    const isNew = this.#tasks.insert([
      task.id,
      task.type,
      task.queue,
      task.priority,
      state,
      due === null ? lanePlace(task.queue, task.priority) : "SCHEDULED",
      due ?? this.#ranks.tail(),
      task.maxRetries,
      createdAt,
      now,
      due,
      due,
      task.expiresInMs === null ? null : (due ?? createdAt) + task.expiresInMs,
      task.timeoutMs,
      task.contentKind,
      bytes,
      isBeside ? 1 : 0,
      due === null ? null : appendHistory({ history: "", createdAt }, [{ state, at: createdAt }]),
      task.metadata,
      isBeside ? null : anyText(task.content),
    ]);
    if (!isNew) return null;
    if (isBeside || task.contentKind === "file") this.#keepInput(task, bytes, now);
    return state;
  }

  #keepInput(task: NewTask, bytes: number, now: number): void {
    if (task.contentKind === "file") {
      const size = this.#inputs.keep(task.id, "file");
      if (size !== null) this.#tasks.setFileSize(task.id, size);
      return;
    }
    const isUploaded = bytes > uploadedTextBytes && this.#inputs.keep(task.id, "text") !== null;
    if (!isUploaded) this.#writeText(task, now);
  }

  #writeText({ id, content }: NewTask, now: number): void {
    const input = this.#inputs.begin(id, "text", now);
    let index = 0;
    for (const bytes of splitChunks(Buffer.from(content)))
      this.#inputs.append(input, { index: index++, bytes }, now);
    this.#inputs.keep(id, "text");
  }
}

/** Bytes that accepting the task adds to the inputs; what was uploaded stands there already. */
function bytesBeside({ content, contentKind }: NewTask): number {
  if (contentKind === "file" || content.length * 3 <= inlineBytes) return 0;
  const bytes = Buffer.byteLength(content);
  return bytes > inlineBytes && bytes <= uploadedTextBytes ? bytes : 0;
}

/** When a delayed task is first due, or null for at once. A date in the past means at once. */
function dueAt({ delayMs, runAt }: NewTask, createdAt: number, now: number): number | null {
  if (runAt !== null) return runAt > now ? runAt : null;
  return delayMs > 0 ? createdAt + delayMs : null;
}
