import { type QueueStatus, type TaskReading, WorkstreamError } from "@workstream/core";

/** Depths may be this old when a queue is checked against its limit. */
const freshMs = 500;

/** Refuses new tasks for a queue in which too many wait already. */
export class QueueLimit {
  readonly #tasks: Pick<TaskReading, "status">;
  readonly #maxDepth: number | null;
  #read: { atMs: number; status: Promise<QueueStatus> } | null = null;

  constructor(tasks: Pick<TaskReading, "status">, maxDepth: number | null) {
    this.#tasks = tasks;
    this.#maxDepth = maxDepth;
  }

  /** @throws too_many_requests when one of `queues` (one entry per task) would pass the limit */
  async check(queues: readonly string[]): Promise<void> {
    const maxDepth = this.#maxDepth;
    if (maxDepth === null) return;
    const { queues: depths } = await this.#status();
    const wanted = new Map<string, number>();
    for (const queue of queues) wanted.set(queue, (wanted.get(queue) ?? 0) + 1);
    for (const [queue, count] of wanted) {
      const depth = Object.hasOwn(depths, queue) ? (depths[queue] ?? 0) : 0;
      if (depth + count <= maxDepth) continue;
      throw new WorkstreamError(
        "too_many_requests",
        `${depth} tasks wait in ${queue}, and at most ${maxDepth} may. Try again when some of them have run.`,
        { details: { retry_after_seconds: 10 } },
      );
    }
  }

  #status(): Promise<QueueStatus> {
    const nowMs = performance.now();
    if (this.#read === null || nowMs - this.#read.atMs > freshMs) {
      const status = this.#tasks.status();
      this.#read = { atMs: nowMs, status };
      status.catch(() => {
        this.#read = null;
      });
    }
    return this.#read.status;
  }
}
