import Database from "libsql";

/** What a statement takes. libsql aborts the process on a boolean and binds every number as a REAL. */
export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement. Rows come back as tuples, in the order of the SELECT. */
export type Statement = {
  /** Answers how many rows it changed. */
  run(...values: SqlValue[]): number;
  first<Row extends readonly unknown[]>(...values: SqlValue[]): Row | undefined;
  all<Row extends readonly unknown[]>(...values: SqlValue[]): Row[];
};

/**
 * The one connection to the file.
 *
 * Everything is synchronous, so whatever runs between BEGIN and COMMIT without an `await` runs alone.
 */
export type Connection = {
  prepare(sql: string): Statement;
  /** Runs several statements, none of which returns rows. */
  exec(sql: string): void;
  pragma(text: string): string | number | null;
  isInTransaction(): boolean;
  /**
   * Gives the file back. libsql's own close leaves the connection and its lock in place while a prepared statement
   * has not been collected (0.5.29), so the lock is given up first: an exclusive WAL can only be left by leaving WAL.
   */
  release(): void;
};

export function connect(path: string): Connection {
  const database = new Database(path);
  const pragma: Connection["pragma"] = (text) => {
    const [row] = database.pragma(text) as Record<string, string | number>[];
    return Object.values(row ?? {})[0] ?? null;
  };
  return {
    prepare: (sql) => prepare(database, sql),
    exec: (sql) => void database.exec(sql),
    pragma,
    isInTransaction: () => database.inTransaction,
    release() {
      pragma("journal_mode = DELETE");
      pragma("locking_mode = NORMAL");
      database.prepare("SELECT count(*) FROM sqlite_schema").all();
      database.close();
    },
  };
}

function prepare(database: InstanceType<typeof Database>, sql: string): Statement {
  const statement = database.prepare(sql);
  if (statement.reader) statement.raw();
  return {
    run: (...values) => statement.run(values).changes,
    first: <Row>(...values: SqlValue[]) => statement.get(values) as Row | undefined,
    all: <Row>(...values: SqlValue[]) => statement.all(values) as Row[],
  };
}

/** A value for an ANY column. libsql reads a text back only to its first NUL; a blob comes back whole. */
export function anyText(text: string | null): SqlValue {
  return text?.includes("\0") ? Buffer.from(text) : text;
}

export function textOfAny(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString("utf8") : String(value);
}
