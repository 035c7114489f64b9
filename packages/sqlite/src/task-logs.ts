import { outputKeptMs, stepsKeptMs } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";
import type { TextTable } from "./text-table.ts";

type LogKind = "output" | "steps";

/** Each is gone so long after it was last written. */
const keptMs: Record<LogKind, number> = { output: outputKeptMs, steps: stepsKeptMs };

/** Rows that one sweep, one lapse removes. */
const sweepRows = 100;
const lapseRows = 500;

/**
 * What a task gathers beside its row, under a number of its own: so it is gone in one step however long it is, and a task
 * with the same id that comes later begins anew. The sweep takes what is condemned.
 *
 * Every method is one step of the caller's transaction.
 */
export class TaskLogs {
  readonly #texts: TextTable;
  readonly #find: Statement;
  readonly #open: Statement;
  readonly #grow: Statement;
  readonly #condemn: Statement;
  readonly #condemnAll: Statement;
  readonly #condemnLapsed: Statement;
  readonly #condemned: Statement;
  readonly #removeEntries: Statement;
  readonly #someSteps: Statement;
  readonly #removeStep: Statement;
  readonly #remove: Statement;

  constructor({ prepare }: Connection, texts: TextTable) {
    this.#texts = texts;
    this.#find = prepare(
      "SELECT log, bytes FROM task_logs WHERE task_id = ? AND kind = ? AND touched_at > ?",
    );
    this.#open = prepare(
      `INSERT INTO task_logs (task_id, kind, touched_at) VALUES (?, ?, ?)
       ON CONFLICT (task_id, kind) DO UPDATE SET touched_at = excluded.touched_at RETURNING log`,
    );
    this.#grow = prepare("UPDATE task_logs SET bytes = bytes + ? WHERE log = ?");
    this.#condemn = prepare("UPDATE task_logs SET task_id = NULL WHERE task_id = ? AND kind = ?");
    this.#condemnAll = prepare("UPDATE task_logs SET task_id = NULL WHERE task_id = ?");
    this.#condemnLapsed = prepare(
      `UPDATE task_logs SET task_id = NULL WHERE log IN
        (SELECT log FROM task_logs WHERE task_id IS NOT NULL AND touched_at <= ? LIMIT ${lapseRows})`,
    );
    this.#condemned = prepare("SELECT log FROM task_logs WHERE task_id IS NULL LIMIT 1");
    this.#removeEntries = prepare(
      `DELETE FROM output_entries WHERE rowid IN (SELECT rowid FROM output_entries WHERE log = ? LIMIT ${sweepRows})`,
    );
    this.#someSteps = prepare(`SELECT name, text FROM steps WHERE log = ? LIMIT ${sweepRows}`);
    this.#removeStep = prepare("DELETE FROM steps WHERE log = ? AND name = ?");
    this.#remove = prepare("DELETE FROM task_logs WHERE log = ?");
  }

  find(taskId: string, kind: LogKind, now: number): { log: number; bytes: number } | null {
    const row = this.#find.first<[number, number]>(taskId, kind, now - keptMs[kind]);
    return row ? { log: row[0], bytes: row[1] } : null;
  }

  /** The log that is there, or a new one: it is written now. */
  open(taskId: string, kind: LogKind, now: number): number {
    if (this.find(taskId, kind, now) === null) this.condemn(taskId, kind);
    return this.#open.all<[number]>(taskId, kind, now)[0]?.[0] ?? 0;
  }

  /** Its bytes become so many more, or fewer. */
  grow(log: number, bytes: number): void {
    this.#grow.run(bytes, log);
  }

  condemn(taskId: string, kind: LogKind): void {
    this.#condemn.run(taskId, kind);
  }

  condemnOf(taskId: string): void {
    this.#condemnAll.run(taskId);
  }

  condemnLapsed(now: number): void {
    this.#condemnLapsed.run(now - Math.max(...Object.values(keptMs)));
  }

  /** Removes some of what one condemned log holds; false when nothing is left. */
  sweep(): boolean {
    const log = this.#condemned.first<[number]>()?.[0];
    if (log === undefined) return false;
    const steps = this.#someSteps.all<[string | Uint8Array, number]>(log);
    for (const [name, text] of steps) {
      this.#texts.condemn(text);
      this.#removeStep.run(log, name);
    }
    const entries = this.#removeEntries.run(log);
    if (steps.length < sweepRows && entries < sweepRows) this.#remove.run(log);
    return true;
  }
}
