import { setImmediate } from "node:timers";
import { WorkstreamError } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";
import { sqliteCode, toStoreError } from "./store-errors.ts";
import { Transaction } from "./transaction.ts";

/** A transaction ends when it has held the event loop for this long; what is left goes into the next. */
const budgetMs = 3;

type Work = {
  run(transaction: Transaction): void;
  resolve(): void;
  reject(error: unknown): void;
};

/**
 * Called inside each transaction after its last write: writes what the transaction has gathered, and answers what is
 * to be told after the commit. What it answers must not fail, for then there is nothing left to undo.
 */
export type Conclude = (transaction: Transaction) => () => void;

/**
 * Runs every write, in the order in which it was asked for.
 *
 * Writes asked for in one turn of the event loop share a transaction (group commit): a commit costs more than most
 * of what it commits. A promise resolves only after the COMMIT. When one write of a group fails, the group is rolled
 * back and each runs again alone, so one write's failure is never another's; works must therefore change nothing
 * but rows and the transaction handed to them.
 */
export class CommitQueue {
  readonly #connection: Connection;
  readonly #path: string;
  readonly #now: () => number;
  readonly #conclude: Conclude;
  readonly #begin: Statement;
  readonly #commit: Statement;
  #waiting: Work[] = [];
  #isScheduled = false;
  #isClosed = false;
  #isFull = false;

  constructor(connection: Connection, options: { path: string; now: () => number; conclude: Conclude }) {
    this.#connection = connection;
    this.#path = options.path;
    this.#now = options.now;
    this.#conclude = options.conclude;
    this.#begin = connection.prepare("BEGIN IMMEDIATE");
    this.#commit = connection.prepare("COMMIT");
  }

  /**
   * Runs `work` in a transaction; it must not await.
   * @throws store_full, store_unavailable: nothing of it was written
   */
  write<T>(work: (transaction: Transaction) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.assertOpen();
      let result: T;
      this.#waiting.push({
        run: (transaction) => {
          result = work(transaction);
        },
        resolve: () => resolve(result),
        reject,
      });
      this.#schedule();
    });
  }

  /** Commits what was asked for so far and takes no more. */
  close(): void {
    while (this.#waiting.length > 0) this.#flush();
    this.#isClosed = true;
  }

  /** The last write found the disk full. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  assertOpen(): void {
    if (this.#isClosed) throw closedError();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const group: Work[] = [];
    try {
      this.#transact(this.#takeGroup(group), group);
    } catch {
      // With nothing begun it was BEGIN that failed: each is told so.
      const failed = group.length > 0 ? group : this.#waiting.splice(0);
      for (const work of failed) this.#runAlone(work);
    }
  }

  /** Runs waiting works within the budget; each that was begun stands in `group`. */
  #takeGroup(group: Work[]): (transaction: Transaction) => void {
    return (transaction) => {
      const endAt = performance.now() + budgetMs;
      let taken = 0;
      try {
        do {
          const work = this.#waiting[taken++] as Work;
          group.push(work);
          work.run(transaction);
        } while (taken < this.#waiting.length && performance.now() < endAt);
      } finally {
        this.#waiting = this.#waiting.slice(taken);
      }
    };
  }

  #runAlone(work: Work): void {
    try {
      this.#transact((transaction) => work.run(transaction), [work]);
    } catch (error) {
      this.#fail(work, error);
    }
  }

  #fail(work: Work, error: unknown): void {
    const reason = toStoreError(error, this.#path);
    if (sqliteCode(error) === "SQLITE_FULL") this.#isFull = true;
    work.reject(reason);
  }

  /** Commits what `run` does; throws when nothing of it was committed. */
  #transact(run: (transaction: Transaction) => void, works: readonly Work[]): void {
    const tell = this.#commitAll(run);
    this.#isFull = false;
    for (const work of works) work.resolve();
    tell();
  }

  #commitAll(run: (transaction: Transaction) => void): () => void {
    const transaction = new Transaction(this.#now());
    this.#begin.run();
    try {
      run(transaction);
      const tell = this.#conclude(transaction);
      this.#commit.run();
      return tell;
    } catch (error) {
      if (this.#connection.isInTransaction()) this.#connection.exec("ROLLBACK");
      throw error;
    }
  }
}

function closedError(): WorkstreamError {
  return new WorkstreamError("store_unavailable", "The store is closed.");
}
