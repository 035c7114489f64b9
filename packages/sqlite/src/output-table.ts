import { maxOutputBytes, maxOutputEntries, type NewOutput, type OutputEntry } from "@workstream/core";
import { type Connection, type Statement, textOfAny } from "./connection.ts";

/** The entries of output logs. Every method is one step of the caller's transaction. */
export class OutputTable {
  readonly #newest: Statement;
  readonly #insert: Statement;
  readonly #firstFrom: Statement;
  readonly #trim: Statement;
  readonly #read: Statement;

  constructor({ prepare }: Connection) {
    this.#newest = prepare(
      "SELECT number, bytes_before + bytes FROM output_entries WHERE log = ? ORDER BY number DESC LIMIT 1",
    );
    this.#insert = prepare(
      "INSERT INTO output_entries (log, number, kind, at, bytes_before, bytes, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    // Oldest first until one fits: it looks at no more entries than are to go, and one.
    this.#firstFrom = prepare(
      `SELECT number FROM output_entries WHERE log = ? AND number >= ? AND bytes_before >= ? ORDER BY number LIMIT 1`,
    );
    this.#trim = prepare("DELETE FROM output_entries WHERE log = ? AND number < ?");
    this.#read = prepare(
      "SELECT number, kind, at, text FROM output_entries WHERE log = ? AND number > ? ORDER BY number",
    );
  }

  /** Numbers the entries and adds them; the oldest give way beyond the bounds of a log. */
  append(log: number, entries: readonly NewOutput[], now: number): OutputEntry[] {
    let [number, bytesBefore] = this.#newest.first<[number, number]>(log) ?? [0, 0];
    const added = entries.map(({ kind, text }): OutputEntry => {
      const bytes = Buffer.from(text);
      number += 1;
      this.#insert.run(log, number, kind, now, bytesBefore, bytes.byteLength, bytes);
      bytesBefore += bytes.byteLength;
      return { number, kind, text, at: now };
    });
    this.#trimTo(log, number - maxOutputEntries + 1, bytesBefore - maxOutputBytes);
    return added;
  }

  read(log: number, after: number): OutputEntry[] {
    return this.#read
      .all<[number, OutputEntry["kind"], number, unknown]>(log, after)
      .map(([number, kind, at, text]) => ({ number, kind, text: textOfAny(text) ?? "", at }));
  }

  #trimTo(log: number, fromNumber: number, fromBytes: number): void {
    const first = this.#firstFrom.first<[number]>(log, fromNumber, fromBytes)?.[0];
    if (first !== undefined) this.#trim.run(log, first);
  }
}
