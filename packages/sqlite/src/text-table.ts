import type { CommitQueue } from "./commit-queue.ts";
import type { Connection, Statement } from "./connection.ts";
import { splitChunks } from "./input-table.ts";
import type { Transaction } from "./transaction.ts";

/** One sweep removes about this much: freeing pages costs 25 µs each. */
const sweepBytes = 512 * 1024;
const sweepChunks = 100;

/**
 * Texts of any length for those who refer to them by number, in rows of at most 256 kB.
 *
 * Every method is one step of the caller's transaction. A condemned text can't be read any more; the sweep takes it.
 */
export class TextTable {
  readonly #begin: Statement;
  readonly #addChunk: Statement;
  readonly #setState: Statement;
  readonly #chunks: Statement;
  readonly #condemnUnkept: Statement;
  readonly #condemnedChunks: Statement;
  readonly #removeChunk: Statement;
  readonly #removeEmptied: Statement;

  constructor({ prepare }: Connection) {
    this.#begin = prepare("INSERT INTO texts (state) VALUES (0) RETURNING text");
    this.#addChunk = prepare("INSERT INTO text_chunks (text, chunk, bytes) VALUES (?, ?, ?)");
    this.#setState = prepare("UPDATE texts SET state = ? WHERE text = ?");
    this.#chunks = prepare(
      "SELECT bytes FROM text_chunks WHERE text = (SELECT text FROM texts WHERE text = ? AND state = 1) ORDER BY chunk",
    );
    this.#condemnUnkept = prepare("UPDATE texts SET state = -1 WHERE state = 0");
    this.#condemnedChunks = prepare(
      `SELECT text, chunk, length(bytes) FROM texts JOIN text_chunks USING (text) WHERE state = -1 LIMIT ${sweepChunks}`,
    );
    this.#removeChunk = prepare("DELETE FROM text_chunks WHERE text = ? AND chunk = ?");
    this.#removeEmptied = prepare(
      `DELETE FROM texts WHERE state = -1 AND NOT EXISTS (SELECT 1 FROM text_chunks WHERE text_chunks.text = texts.text)`,
    );
  }

  begin(): number {
    return this.#begin.all<[number]>()[0]?.[0] ?? 0;
  }

  /** Of at most 256 kB. */
  addChunk(text: number, index: number, bytes: Uint8Array): void {
    this.#addChunk.run(text, index, bytes);
  }

  /** It is whole, and somebody refers to it. */
  keep(text: number): void {
    this.#setState.run(1, text);
  }

  condemn(text: number): void {
    this.#setState.run(-1, text);
  }

  /** What the last process was writing when it died. */
  condemnUnkept(): void {
    this.#condemnUnkept.run();
  }

  /** Null for one that was condemned. */
  read(text: number): string | null {
    const chunks = this.#chunks.all<[Uint8Array]>(text).map(([bytes]) => bytes);
    return chunks.length === 0 ? null : Buffer.concat(chunks).toString("utf8");
  }

  /** Removes some of what is condemned; false when nothing is left. */
  sweep(): boolean {
    let bytes = 0;
    const chunks = this.#condemnedChunks.all<[number, number, number]>();
    for (const [text, chunk, size] of chunks) {
      if (bytes >= sweepBytes) return true;
      this.#removeChunk.run(text, chunk);
      bytes += size;
    }
    this.#removeEmptied.run();
    return chunks.length > 0;
  }
}

type Parts = { commits: CommitQueue; texts: TextTable };

/**
 * Writes a text in transactions of at most 256 kB each. `attach` runs in the last of them: it calls `keep` for the text's
 * number and refers to it, or it does not, and then nothing of the text stays.
 */
export async function writeText<T>(
  { commits, texts }: Parts,
  value: Uint8Array,
  attach: (keep: () => number, transaction: Transaction) => T,
): Promise<T> {
  const chunks = value.byteLength === 0 ? [value] : [...splitChunks(value)];
  const last = chunks.length - 1;
  const staged = last === 0 ? null : await commits.write(() => texts.begin());
  try {
    for (const [index, bytes] of chunks.slice(0, last).entries()) {
      await commits.write(() => texts.addChunk(staged ?? 0, index, bytes));
    }
    return await commits.write((transaction) => {
      let kept: number | null = null;
      const keep = () => {
        kept = staged ?? texts.begin();
        texts.addChunk(kept, last, chunks[last] ?? value);
        texts.keep(kept);
        return kept;
      };
      const outcome = attach(keep, transaction);
      if (kept === null && staged !== null) texts.condemn(staged);
      return outcome;
    });
  } catch (error) {
    if (staged !== null) await commits.write(() => texts.condemn(staged)).catch(() => {});
    throw error;
  }
}
