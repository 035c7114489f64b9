import { type NewTask, type TaskReading, WorkstreamError } from "@workstream/core";
import { withDeadline } from "./deadline.ts";

/** Depths may be this old when a queue is checked against its limit. */
const freshMs = 500;
/** How long tasks wait for depths: a store that is slower than that is asked to take them all the same. */
const patienceMs = 250;

type Bound = Pick<NewTask, "queue" | "delayMs" | "runAt">;
type Counts = ReadonlyMap<string, number>;
type Depths = Readonly<Record<string, number>>;

/**
 * Refuses new tasks for a queue in which too many wait already.
 *
 * The bound is soft: depths are read now and then, and what other gateways accept in between is seen late. While they
 * can't be read nothing is refused: the store itself says what it can't take, and one partition that is away must not
 * keep tasks from the others. Nor does a task wait for a reading when by the last one there was room.
 */
export class QueueLimit {
  readonly #tasks: Pick<TaskReading, "status">;
  readonly #maxDepth: number | null;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;
  /** By the last reading; null: not known. */
  #depths: Depths | null = null;
  /** Let through by this gateway, ever; and what of it that reading knows of. As many names as the depths have. */
  readonly #admitted = new Map<string, number>();
  #read: Counts = new Map();

  constructor(tasks: Pick<TaskReading, "status">, maxDepth: number | null) {
    this.#tasks = tasks;
    this.#maxDepth = maxDepth;
  }

  /** @throws too_many_requests when one of the queues of `tasks` would pass the limit */
  async check(tasks: readonly Bound[]): Promise<void> {
    const maxDepth = this.#maxDepth;
    if (maxDepth === null) return;
    if (performance.now() - this.#askedAtMs > freshMs) this.#ask();
    const wanted = countByQueue(tasks);
    const isUnsure = this.#depths === null || this.#fullOf(wanted, maxDepth) !== null;
    if (isUnsure && this.#reading !== null) await this.#reading;
    const full = this.#fullOf(wanted, maxDepth);
    if (full !== null) throw tooMany(full, this.#depthOf(full), maxDepth);
    for (const [queue, count] of wanted) this.#admitted.set(queue, countOf(this.#admitted, queue) + count);
  }

  /** The first queue that these tasks would fill past the limit; null for none, or as long as depths are not known. */
  #fullOf(wanted: Counts, maxDepth: number): string | null {
    if (this.#depths === null) return null;
    for (const [queue, count] of wanted) if (this.#depthOf(queue) + count > maxDepth) return queue;
    return null;
  }

  #ask(): void {
    this.#askedAtMs = performance.now();
    const before = new Map(this.#admitted);
    const read = this.#tasks.status().then(
      ({ queues }) => {
        this.#depths = queues;
        this.#read = before;
      },
      () => {
        this.#depths = null;
      },
    );
    const reading = withDeadline(read, patienceMs, undefined).then(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    this.#reading = reading;
  }

  #depthOf(queue: string): number {
    const depths = this.#depths ?? {};
    const read = Object.hasOwn(depths, queue) ? (depths[queue] ?? 0) : 0;
    return read + countOf(this.#admitted, queue) - countOf(this.#read, queue);
  }
}

function countOf(counts: Counts, queue: string): number {
  return counts.get(queue) ?? 0;
}

/** What is due later waits among the scheduled until then, and counts for both. */
function countByQueue(tasks: readonly Bound[]): Counts {
  const counts = new Map<string, number>();
  const add = (queue: string) => counts.set(queue, (counts.get(queue) ?? 0) + 1);
  for (const { queue, delayMs, runAt } of tasks) {
    add(queue);
    if (delayMs > 0 || runAt !== null) add("scheduled");
  }
  return counts;
}

function tooMany(queue: string, depth: number, maxDepth: number): WorkstreamError {
  return new WorkstreamError(
    "too_many_requests",
    `Queue ${queue} takes at most ${maxDepth} waiting tasks (MAX_QUEUE_DEPTH), and ${depth} wait. Try again when some of them have run.`,
    { details: { retry_after_seconds: 10 } },
  );
}
