import type { Task } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";
import type { InputTable } from "./input-table.ts";
import {
  type Bodies,
  type Row,
  recordColumns,
  recordOf,
  recordWidth,
  type TaskRecord,
  toTask,
} from "./task-record.ts";
import { bodiesOf } from "./task-table.ts";

/** Whole tasks for those who read them, with or without their bodies. */
export class TaskRows {
  readonly #inputs: InputTable;
  readonly #bySeq: Statement;
  readonly #summariesBySeq: Statement;

  constructor(connection: Connection, inputs: InputTable) {
    const select = (bodies: string) =>
      connection.prepare(
        `SELECT ${recordColumns}, ${bodies} FROM tasks WHERE seq IN (SELECT value FROM json_each(?))`,
      );
    this.#inputs = inputs;
    this.#bySeq = select("CAST(content AS BLOB), CAST(result AS BLOB)");
    this.#summariesBySeq = select("result IS NOT NULL");
  }

  /** Tasks in the order of `seqs`; without bodies, `content` and `result` are null and none of their pages is read. */
  load(seqs: readonly number[], withBodies: boolean): Task[] {
    const tasks = new Map<number, Task>();
    const statement = withBodies ? this.#bySeq : this.#summariesBySeq;
    for (const row of statement.all<Row>(JSON.stringify(seqs))) {
      const record = recordOf(row);
      tasks.set(record.seq, withBodies ? this.whole(record, bodiesOf(row)) : summary(record, row));
    }
    return seqs.flatMap((seq) => tasks.get(seq) ?? []);
  }

  /** A task with its content in place, wherever that lives. */
  whole(record: TaskRecord, bodies: Bodies): Task {
    const content = bodies.content ?? (record.hasInput ? this.#inputs.text(record.id) : null);
    return toTask(record, { ...bodies, content });
  }
}

function summary(record: TaskRecord, row: Row): Task {
  return toTask(record, { content: null, result: null, hasResult: row[recordWidth] === 1 });
}
