import { type Connection, type SqlValue, type Statement, textOfAny } from "./connection.ts";
import {
  type Bodies,
  type Row,
  recordColumns,
  recordOf,
  recordWidth,
  saveRecordSql,
  saveRecordValues,
  type TaskRecord,
} from "./task-record.ts";

/** The columns of a new row; the rest begins as NULL or at its default. */
const newColumns = [
  "id",
  "type",
  "queue",
  "priority",
  "state",
  "place",
  "rank",
  "max_retries",
  "created_at",
  "updated_at",
  "retry_after",
  "due_at",
  "expires_at",
  "timeout_ms",
  "content_kind",
  "content_bytes",
  "has_input",
  "history",
  "metadata",
  "content",
];

/** Values in the order of `newColumns`. */
export type NewRow = SqlValue[];

/** Single rows of `tasks`. Statements over many rows stand with those who need them. */
export class TaskTable {
  readonly #insert: Statement;
  readonly #find: Statement;
  readonly #findWithBodies: Statement;
  readonly #save: Statement;
  readonly #head: Statement;
  readonly #runBy: Statement;
  readonly #exists: Statement;
  readonly #setFileSize: Statement;
  readonly #remove: Statement;

  constructor(connection: Connection) {
    const values = newColumns.map(() => "?").join(", ");
    this.#insert = connection.prepare(
      `INSERT INTO tasks (${newColumns.join(", ")}) VALUES (${values}) ON CONFLICT (id) DO NOTHING`,
    );
    this.#find = connection.prepare(`SELECT ${recordColumns} FROM tasks WHERE id = ?`);
    this.#findWithBodies = connection.prepare(
      `SELECT ${recordColumns}, CAST(content AS BLOB), CAST(result AS BLOB) FROM tasks WHERE id = ?`,
    );
    this.#head = connection.prepare(
      `SELECT ${recordColumns} FROM tasks WHERE place = ? ORDER BY rank, id LIMIT ?`,
    );
    this.#runBy = connection.prepare(
      `SELECT ${recordColumns} FROM tasks WHERE place = 'ACTIVE' AND worker_id = ? ORDER BY id`,
    );
    this.#exists = connection.prepare("SELECT 1 FROM tasks WHERE id = ?");
    this.#setFileSize = connection.prepare("UPDATE tasks SET has_input = 1, content_bytes = ? WHERE id = ?");
    this.#save = connection.prepare(saveRecordSql);
    this.#remove = connection.prepare("DELETE FROM tasks WHERE seq = ?");
  }

  /** False, and nothing done, when the id is taken. */
  insert(row: NewRow): boolean {
    return this.#insert.run(...row) === 1;
  }

  /** The uploaded file of this size belongs to the task. */
  setFileSize(id: string, bytes: number): void {
    this.#setFileSize.run(bytes, id);
  }

  has(id: string): boolean {
    return this.#exists.first(id) !== undefined;
  }

  find(id: string): TaskRecord | null {
    const row = this.#find.first<Row>(id);
    return row ? recordOf(row) : null;
  }

  findWithBodies(id: string): { record: TaskRecord; bodies: Bodies } | null {
    const row = this.#findWithBodies.first<Row>(id);
    return row ? { record: recordOf(row), bodies: bodiesOf(row) } : null;
  }

  /** The first tasks of a place, in its order. */
  firstOf(place: string, limit: number): TaskRecord[] {
    return this.#head.all<Row>(place, limit).map(recordOf);
  }

  /** What a worker runs. No more tasks are ACTIVE than this process has slots, so no index is needed. */
  runBy(workerId: string): TaskRecord[] {
    return this.#runBy.all<Row>(workerId).map(recordOf);
  }

  save(record: TaskRecord): void {
    this.#save.run(...saveRecordValues(record));
  }

  remove(record: TaskRecord): void {
    this.#remove.run(record.seq);
  }
}

/** Of a row of `recordColumns, content, result`. */
export function bodiesOf(row: Row): Bodies {
  const result = textOfAny(row[recordWidth + 1]);
  return { content: textOfAny(row[recordWidth]), result, hasResult: result !== null };
}
