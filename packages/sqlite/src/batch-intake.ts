import { type EnqueueOutcome, type NewTask, WorkstreamError } from "@workstream/core";
import type { TaskAcceptance } from "./accept-task.ts";
import { BatchTable } from "./batch-table.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";

type BatchOutcome = EnqueueOutcome | { outcome: "refused"; id: string };
type Parts = { connection: Connection; commits: CommitQueue; acceptance: TaskAcceptance };

/** Batches up to this size are one transaction of a few ms; larger ones move in chunks of it. */
const chunkTasks = 100;
const chunkCharacters = 256 * 1024;

/**
 * Accepts batches, all or nothing, without holding the event loop.
 *
 * 10,000 tasks in one transaction would hold it for over 100 ms. So a large batch is first staged as JSON in small
 * transactions; then one row says that it is accepted, and that is the moment which decides. After it the tasks move
 * to their queues chunk by chunk, and a process that dies meanwhile finishes them when the file is opened again.
 *
 * Staged batches go one after another, and other tasks with idempotency keys wait for them: what was found out
 * about a batch's keys still holds when it is accepted.
 */
export class BatchIntake {
  readonly #commits: CommitQueue;
  readonly #acceptance: TaskAcceptance;
  readonly #table: BatchTable;
  #staging: Promise<unknown> = Promise.resolve();
  #stagingCount = 0;

  constructor({ connection, commits, acceptance }: Parts) {
    this.#commits = commits;
    this.#acceptance = acceptance;
    this.#table = new BatchTable(connection);
  }

  async enqueue(tasks: readonly NewTask[]): Promise<BatchOutcome[]> {
    const [chunk, ...more] = chunksOf(tasks);
    if (chunk === undefined) return [];
    if (more.length > 0) return this.#inTurn(() => this.#enqueueStaged(tasks));
    await this.whenKeysAreFree(tasks);
    return this.#enqueueDirect(tasks);
  }

  /** Resolves once no staged batch is under way that tasks with idempotency keys would have to wait for. */
  async whenKeysAreFree(tasks: readonly NewTask[]): Promise<void> {
    if (this.#stagingCount === 0 || tasks.every(({ idempotency }) => idempotency === null)) return;
    while (this.#stagingCount > 0) await this.#staging;
  }

  /** Drops what was staged but not accepted, finishes what was. */
  finishLeftOver(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#commits.write(() => this.#table.dropUnaccepted());
      for (let next = this.#table.next(); next; next = this.#table.next()) {
        const { batch, chunk, tasks } = next;
        await this.#moveChunk(tasks, { batch, chunk });
      }
    });
  }

  /** One staged batch after another. A failed one does not hold up the next. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#stagingCount += 1;
    const turn = this.#staging.then(work);
    this.#staging = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#stagingCount -= 1;
    }
  }

  #enqueueDirect(tasks: readonly NewTask[]): Promise<BatchOutcome[]> {
    return this.#commits.write((transaction) => {
      this.#acceptance.assertRoom(tasks);
      const plan = new BatchPlan(this.#acceptance, transaction.now);
      plan.add(tasks);
      return plan.refusal() ?? tasks.map((task) => this.#acceptance.accept(task, transaction));
    });
  }

  async #enqueueStaged(tasks: readonly NewTask[]): Promise<BatchOutcome[]> {
    const plan = await this.#plan(tasks);
    const refusal = plan.refusal();
    if (refusal !== null) return refusal;
    const chunks = chunksOf(tasks);
    const batch = await this.#stage(tasks, chunks);
    try {
      const outcomes: EnqueueOutcome[] = [];
      for (const [chunk, part] of chunks.entries()) {
        outcomes.push(...(await this.#moveChunk(part, { batch, chunk })));
      }
      return outcomes;
    } catch (error) {
      throw notFinished(tasks.length, error);
    }
  }

  async #plan(tasks: readonly NewTask[]): Promise<BatchPlan> {
    const plan = await this.#commits.write(({ now }) => new BatchPlan(this.#acceptance, now));
    for (const part of chunksOf(tasks)) await this.#commits.write(() => plan.add(part));
    return plan;
  }

  async #stage(tasks: readonly NewTask[], chunks: readonly NewTask[][]): Promise<number> {
    const batch = await this.#commits.write(() => this.#table.begin());
    try {
      for (const [chunk, part] of chunks.entries()) {
        await this.#commits.write(() => this.#table.stage({ batch, chunk }, part));
      }
      await this.#commits.write(({ now }) => {
        this.#acceptance.assertRoom(tasks);
        this.#table.accept(batch, now);
      });
      return batch;
    } catch (error) {
      await this.#commits.write(() => this.#table.remove(batch)).catch(() => {});
      throw error;
    }
  }

  #moveChunk(
    tasks: readonly NewTask[],
    position: { batch: number; chunk: number },
  ): Promise<EnqueueOutcome[]> {
    return this.#commits.write((transaction) => {
      const outcomes = tasks.map((task) => this.#acceptance.accept(task, transaction));
      this.#table.removeChunk(position);
      return outcomes;
    });
  }
}

/** What a batch would come to: the tasks before it in the batch count as accepted. */
class BatchPlan {
  readonly #acceptance: TaskAcceptance;
  readonly #now: number;
  readonly #keys = new Map<string, { id: string; fingerprint: string }>();
  readonly #outcomes: BatchOutcome[] = [];
  #hasConflict = false;

  constructor(acceptance: TaskAcceptance, now: number) {
    this.#acceptance = acceptance;
    this.#now = now;
  }

  add(tasks: readonly NewTask[]): void {
    for (const task of tasks) {
      const outcome = this.#outcomeOf(task);
      this.#outcomes.push(outcome ?? { outcome: "refused", id: task.id });
      this.#hasConflict ||= outcome?.outcome === "conflict";
      if (outcome === null && task.idempotency !== null) {
        this.#keys.set(task.idempotency.key, { id: task.id, fingerprint: task.idempotency.fingerprint });
      }
    }
  }

  /** The answer that refuses the whole batch, or null when nothing stands against it. */
  refusal(): BatchOutcome[] | null {
    if (!this.#hasConflict) return null;
    return this.#outcomes.map(({ outcome, id }) => (outcome === "conflict" ? { outcome, id } : refused(id)));
  }

  #outcomeOf(task: NewTask): EnqueueOutcome | null {
    const earlier = task.idempotency && this.#keys.get(task.idempotency.key);
    if (!earlier) return this.#acceptance.refusal(task, this.#now);
    const isSame = earlier.fingerprint === task.idempotency?.fingerprint;
    return { outcome: isSame ? "exists" : "conflict", id: earlier.id };
  }
}

function refused(id: string): BatchOutcome {
  return { outcome: "refused", id };
}

function chunksOf(tasks: readonly NewTask[]): NewTask[][] {
  const chunks: NewTask[][] = [];
  let characters = 0;
  for (const task of tasks) {
    const chunk = chunks.at(-1);
    characters += task.content.length + task.metadata.length;
    const isFull = chunk === undefined || chunk.length >= chunkTasks || characters > chunkCharacters;
    if (isFull) characters = task.content.length + task.metadata.length;
    if (isFull) chunks.push([task]);
    else chunk.push(task);
  }
  return chunks;
}

function notFinished(size: number, cause: unknown): WorkstreamError {
  return new WorkstreamError(
    "outcome_unknown",
    `The batch of ${size} tasks was accepted, but not all of them reached their queues yet: the next start, or the next upkeep, finishes it.`,
    { cause },
  );
}
