import { inputChunkBytes, WorkstreamError } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

export type InputKind = "file" | "text";

/** 0: no task has claimed it yet · 1: it belongs to the task of its id · −1: condemned, the sweep removes it. */
const keeping = { uploading: 0, kept: 1, condemned: -1 } as const;

/** Uploads that no task has claimed within this time are removed. */
export const uploadTtlMs = 3_600_000;

/** One sweep removes about this much: freeing pages costs 25 µs each (50 MB in one go held the loop 333 ms). */
const sweepBytes = 512 * 1024;
const sweepChunks = 100;

/**
 * Bytes beside tasks, in rows of at most 256 kB: uploaded files, and texts too long for a task's row.
 *
 * Every method is one step of the caller's transaction.
 */
export class InputTable {
  readonly #maxBytes: number;
  readonly #add: Statement;
  readonly #addChunk: Statement;
  readonly #grow: Statement;
  readonly #total: Statement;
  readonly #keep: Statement;
  readonly #find: Statement;
  readonly #chunk: Statement;
  readonly #condemnAll: Statement;
  readonly #condemnOne: Statement;
  readonly #condemnStale: Statement;
  readonly #condemnedChunks: Statement;
  readonly #removeChunk: Statement;
  readonly #removeEmptied: Statement;

  constructor(connection: Connection, maxBytes: number) {
    const prepare = connection.prepare;
    this.#maxBytes = maxBytes;
    this.#add = prepare(
      "INSERT INTO inputs (task_id, kind, kept, bytes, touched_at) VALUES (?, ?, ?, 0, ?) RETURNING input",
    );
    this.#addChunk = prepare("INSERT INTO input_chunks (input, chunk, size, bytes) VALUES (?, ?, ?, ?)");
    this.#grow = prepare("UPDATE inputs SET bytes = bytes + ?, touched_at = ? WHERE input = ? AND kept = ?");
    this.#total = prepare("SELECT bytes FROM input_total");
    this.#keep = prepare(
      `UPDATE inputs SET kept = 1 WHERE input =
        (SELECT max(input) FROM inputs WHERE task_id = ? AND kept = 0 AND kind = ?) RETURNING bytes`,
    );
    this.#find = prepare(
      "SELECT input, bytes FROM inputs WHERE task_id = ? AND kept >= 0 AND kind = ? ORDER BY kept DESC, input DESC",
    );
    this.#chunk = prepare("SELECT bytes FROM input_chunks WHERE input = ? AND chunk = ?");
    this.#condemnAll = prepare("UPDATE inputs SET kept = -1 WHERE task_id = ? AND kept >= 0");
    this.#condemnOne = prepare("UPDATE inputs SET kept = -1 WHERE input = ? AND kept = 0");
    this.#condemnStale = prepare("UPDATE inputs SET kept = -1 WHERE kept = 0 AND touched_at < ?");
    this.#condemnedChunks = prepare(
      `SELECT input, chunk, size FROM inputs JOIN input_chunks USING (input) WHERE kept = -1 LIMIT ${sweepChunks}`,
    );
    this.#removeChunk = prepare("DELETE FROM input_chunks WHERE input = ? AND chunk = ?");
    this.#removeEmptied = prepare(
      `DELETE FROM inputs WHERE kept = -1
        AND NOT EXISTS (SELECT 1 FROM input_chunks WHERE input_chunks.input = inputs.input)`,
    );
  }

  /** Begins an upload; answers its number. */
  begin(taskId: string, kind: InputKind, now: number): number {
    return this.#add.all<[number]>(taskId, kind, keeping.uploading, now)[0]?.[0] ?? 0;
  }

  /** @throws store_full when that many more would pass the bound on stored bytes */
  assertRoom(bytes: number): void {
    const [stored] = this.#total.first<[number]>() ?? [0];
    if (stored + bytes > this.#maxBytes) throw inputsFull(this.#maxBytes);
  }

  /**
   * Adds a chunk of at most 256 kB to an upload.
   * @throws not_found when the upload has lapsed
   */
  append(input: number, chunk: { index: number; bytes: Uint8Array }, now: number): void {
    if (this.#grow.run(chunk.bytes.byteLength, now, input, keeping.uploading) === 0) throw uploadLapsed();
    this.#addChunk.run(input, chunk.index, chunk.bytes.byteLength, chunk.bytes);
  }

  /** Makes the upload of this id stay, with the task that is being created. Answers its size; null for none. */
  keep(taskId: string, kind: InputKind): number | null {
    return this.#keep.all<[number]>(taskId, kind)[0]?.[0] ?? null;
  }

  find(taskId: string, kind: InputKind): { input: number; bytes: number } | null {
    const row = this.#find.first<[number, number]>(taskId, kind);
    return row ? { input: row[0], bytes: row[1] } : null;
  }

  chunk(input: number, index: number): Uint8Array | null {
    return this.#chunk.first<[Uint8Array]>(input, index)?.[0] ?? null;
  }

  /** The text kept beside a task. */
  text(taskId: string): string | null {
    const found = this.find(taskId, "text");
    if (found === null) return null;
    const chunks: Uint8Array[] = [];
    for (let bytes = this.chunk(found.input, 0); bytes; bytes = this.chunk(found.input, chunks.length)) {
      chunks.push(bytes);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  /** Everything of this task is to go; the sweep takes the bytes. */
  condemnOf(taskId: string): void {
    this.#condemnAll.run(taskId);
  }

  condemnUpload(input: number): void {
    this.#condemnOne.run(input);
  }

  condemnStale(now: number): void {
    this.#condemnStale.run(now - uploadTtlMs);
  }

  /** Removes some of what is condemned; false when nothing is left. */
  sweep(): boolean {
    let bytes = 0;
    const chunks = this.#condemnedChunks.all<[number, number, number]>();
    for (const [input, chunk, size] of chunks) {
      if (bytes >= sweepBytes) return true;
      this.#removeChunk.run(input, chunk);
      bytes += size;
    }
    this.#removeEmptied.run();
    return chunks.length === sweepChunks;
  }
}

/** The bytes of a text in pieces of at most 256 kB. */
export function* splitChunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += inputChunkBytes) {
    yield bytes.subarray(start, start + inputChunkBytes);
  }
}

function inputsFull(maxBytes: number): WorkstreamError {
  return new WorkstreamError(
    "store_full",
    `The inputs of all tasks together have reached their bound of ${maxBytes} bytes: delete tasks with large inputs, or raise MAX_INPUT_BYTES.`,
    { details: { max_input_bytes: maxBytes } },
  );
}

function uploadLapsed(): WorkstreamError {
  return new WorkstreamError("not_found", "The upload has lapsed or was aborted: begin it again.");
}
