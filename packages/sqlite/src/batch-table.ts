import type { NewTask } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

type Position = { batch: number; chunk: number };

/** Batches on their way in. Every method is one step of the caller's transaction. */
export class BatchTable {
  readonly #begin: Statement;
  readonly #stage: Statement;
  readonly #accept: Statement;
  readonly #remove: Statement;
  readonly #removeChunk: Statement;
  readonly #removeFinished: Statement;
  readonly #dropUnaccepted: Statement;
  readonly #next: Statement;

  constructor({ prepare }: Connection) {
    this.#begin = prepare("INSERT INTO batches (accepted_at) VALUES (NULL) RETURNING batch");
    this.#stage = prepare("INSERT INTO batch_chunks (batch, chunk, tasks) VALUES (?, ?, ?)");
    this.#accept = prepare("UPDATE batches SET accepted_at = ? WHERE batch = ?");
    this.#remove = prepare("DELETE FROM batches WHERE batch = ?");
    this.#removeChunk = prepare("DELETE FROM batch_chunks WHERE batch = ? AND chunk = ?");
    this.#removeFinished = prepare(
      `DELETE FROM batches WHERE batch = ?
        AND NOT EXISTS (SELECT 1 FROM batch_chunks WHERE batch_chunks.batch = batches.batch)`,
    );
    this.#dropUnaccepted = prepare("DELETE FROM batches WHERE accepted_at IS NULL");
    this.#next = prepare("SELECT batch, chunk, tasks FROM batch_chunks ORDER BY batch, chunk LIMIT 1");
  }

  begin(): number {
    return this.#begin.all<[number]>()[0]?.[0] ?? 0;
  }

  stage({ batch, chunk }: Position, tasks: readonly NewTask[]): void {
    this.#stage.run(batch, chunk, JSON.stringify(tasks));
  }

  accept(batch: number, now: number): void {
    this.#accept.run(now, batch);
  }

  remove(batch: number): void {
    this.#remove.run(batch);
  }

  /** Removes a chunk whose tasks have moved, and the batch with its last one. */
  removeChunk({ batch, chunk }: Position): void {
    this.#removeChunk.run(batch, chunk);
    this.#removeFinished.run(batch);
  }

  dropUnaccepted(): void {
    this.#dropUnaccepted.run();
  }

  next(): (Position & { tasks: NewTask[] }) | null {
    const row = this.#next.first<[number, number, string]>();
    if (!row) return null;
    return { batch: row[0], chunk: row[1], tasks: JSON.parse(row[2]) as NewTask[] };
  }
}
