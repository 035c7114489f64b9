/** Every queue, with what waits in it and for how long. */
import { z } from "zod";
import type { QueueSnapshot, QueueSnapshots } from "../ports/reading.ts";
import type { WorkerView } from "../ports/workers.ts";
import { primaryQueue } from "../task-names.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";
import { workerStatus } from "./worker-fleet.ts";

const oldest = {
  oldest_waiting_at: nullableInstantSchema.meta({
    description: "Since when the one at the head waits; null: none does",
  }),
  oldest_waiting_seconds: z.number().nullable(),
};

export const queueOverviewSchema = z.object({
  queue: z.string().meta({ description: "A queue's name, or retry for the retries of primary" }),
  waiting: z.int(),
  lanes: z.object({ high: z.int(), normal: z.int(), low: z.int(), retry: z.int() }),
  ...oldest,
  paused: z.boolean(),
  workers: z.int().meta({ description: "Live workers that serve it" }),
});
export type QueueOverview = z.infer<typeof queueOverviewSchema>;

export const queueOverviewsSchema = z.object({
  queues: z.array(queueOverviewSchema).meta({ description: "primary, retry, then the others by name" }),
  scheduled: z.object({ waiting: z.int(), next_due_at: nullableInstantSchema }),
  dead_letters: z.object({
    waiting: z.int(),
    oldest_at: nullableInstantSchema,
    newest_at: nullableInstantSchema,
  }),
  timestamp: instantSchema,
});
export type QueueOverviews = z.infer<typeof queueOverviewsSchema>;

type Overview = {
  snapshots: QueueSnapshots;
  workers: readonly WorkerView[];
  /** Queues that there are though nothing was ever in them. */
  knownQueues: readonly string[];
};

export function toQueueOverviews(
  { snapshots, workers, knownQueues }: Overview,
  nowMs: number,
): QueueOverviews {
  const { scheduled, deadLetters } = snapshots;
  return {
    queues: withKnown(snapshots.queues, knownQueues).map((queue) => toQueueOverview(queue, workers, nowMs)),
    scheduled: { waiting: scheduled.waiting, next_due_at: toInstantOrNull(scheduled.nextDueAt) },
    dead_letters: {
      waiting: deadLetters.waiting,
      oldest_at: toInstantOrNull(deadLetters.oldestAt),
      newest_at: toInstantOrNull(deadLetters.newestAt),
    },
    timestamp: toInstant(nowMs),
  };
}

function withKnown(queues: readonly QueueSnapshot[], known: readonly string[]): QueueSnapshot[] {
  const standing = [primaryQueue, "retry"];
  const used = new Set(queues.map(({ queue }) => queue));
  const lanes = { high: 0, normal: 0, low: 0, retry: 0 };
  const unused = [...new Set(known)]
    .filter((queue) => !used.has(queue))
    .map((queue) => ({ queue, lanes, oldestWaitingAt: null, isPaused: false }));
  const first = queues.filter(({ queue }) => standing.includes(queue));
  const named = [...queues.filter(({ queue }) => !standing.includes(queue)), ...unused];
  return [...first, ...named.sort((one, other) => (one.queue < other.queue ? -1 : 1))];
}

function toQueueOverview(
  { queue, lanes, oldestWaitingAt, isPaused }: QueueSnapshot,
  workers: readonly WorkerView[],
  nowMs: number,
): QueueOverview {
  return {
    queue,
    waiting: lanes.high + lanes.normal + lanes.low + lanes.retry,
    lanes,
    oldest_waiting_at: toInstantOrNull(oldestWaitingAt),
    oldest_waiting_seconds: oldestWaitingAt === null ? null : Math.max(0, nowMs - oldestWaitingAt) / 1000,
    paused: isPaused,
    workers: workersServing(queue === "retry" ? primaryQueue : queue, workers).length,
  };
}

/** Those that beat and take new tasks from the queue: a worker that drains takes none. */
export function workersServing(queue: string, workers: readonly WorkerView[]): WorkerView[] {
  return workers.filter((worker) => workerStatus(worker) === "healthy" && worker.queues.includes(queue));
}
