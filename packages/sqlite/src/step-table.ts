import { anyText, type Connection, type Statement, textOfAny } from "./connection.ts";

type StepRow = { name: string; text: number; bytes: number };

/** Names of remembered steps, and the texts that hold their values. Every method is one step of the caller's transaction. */
export class StepTable {
  readonly #find: Statement;
  readonly #put: Statement;
  readonly #list: Statement;

  constructor({ prepare }: Connection) {
    this.#find = prepare("SELECT name, text, bytes FROM steps WHERE log = ? AND name = ?");
    this.#put = prepare(
      `INSERT INTO steps (log, name, text, bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT (log, name) DO UPDATE SET text = excluded.text, bytes = excluded.bytes`,
    );
    this.#list = prepare("SELECT name, text, bytes FROM steps WHERE log = ?");
  }

  find(log: number, name: string): StepRow | null {
    const row = this.#find.first<Row>(log, anyText(name));
    return row ? stepOf(row) : null;
  }

  put(log: number, { name, text, bytes }: StepRow): void {
    this.#put.run(log, anyText(name), text, bytes);
  }

  list(log: number): StepRow[] {
    return this.#list.all<Row>(log).map(stepOf);
  }
}

type Row = [name: unknown, text: number, bytes: number];

function stepOf([name, text, bytes]: Row): StepRow {
  return { name: textOfAny(name) ?? "", text, bytes };
}
