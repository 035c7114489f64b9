import {
  inStateSince,
  type Lane,
  primaryQueue,
  type QueueSnapshot,
  type QueueSnapshots,
} from "@workstream/core";
import type { Connection } from "./connection.ts";
import { parseLane } from "./places.ts";
import type { QueueTable } from "./queue-table.ts";

type Ends = [place: string, tasks: number, history: string | null, changedAt: number, rank: number];
type Head = { waiting: number; since: number; rank: number };

/** What waits in every queue, since when: the counts and the first task of each place, and the last of the DLQ. */
export function createQueueOverview({ prepare }: Connection, queues: QueueTable): () => QueueSnapshots {
  const heads = prepare(
    `SELECT counts.place, counts.tasks, head.history, head.updated_at, head.rank
     FROM place_counts AS counts JOIN tasks AS head
       ON head.seq = (SELECT seq FROM tasks WHERE place = counts.place ORDER BY rank, id LIMIT 1)
     WHERE counts.tasks > 0`,
  );
  const newestDead = prepare(
    "SELECT history, updated_at FROM tasks WHERE place = 'DLQ' ORDER BY rank DESC, id DESC LIMIT 1",
  );
  return () => {
    const byPlace = new Map(heads.all<Ends>().map(([place, ...ends]) => [place, headOf(ends)]));
    const [scheduled, oldestDead] = [byPlace.get("SCHEDULED"), byPlace.get("DLQ")];
    const newest = newestDead.first<[string | null, number]>();
    return {
      queues: snapshots(byPlace, queues),
      scheduled: { waiting: scheduled?.waiting ?? 0, nextDueAt: scheduled?.rank ?? null },
      deadLetters: {
        waiting: oldestDead?.waiting ?? 0,
        oldestAt: oldestDead?.since ?? null,
        newestAt: newest ? inStateSince(...newest) : null,
      },
    };
  };
}

function headOf([waiting, history, changedAt, rank]: [number, string | null, number, number]): Head {
  return { waiting, since: inStateSince(history, changedAt), rank };
}

function snapshots(byPlace: ReadonlyMap<string, Head>, queues: QueueTable): QueueSnapshot[] {
  const paused = new Set(queues.paused());
  const names = [primaryQueue, "retry", ...queues.names()];
  const found = new Map(names.map((name) => [name, emptyQueue(name, paused)]));
  for (const [place, head] of byPlace) {
    const at = parseLane(place);
    if (at !== null) count(found, at, head);
  }
  return [...found.values()];
}

function emptyQueue(queue: string, paused: ReadonlySet<string>): QueueSnapshot {
  const isPaused = paused.has(queue === "retry" ? primaryQueue : queue);
  return { queue, lanes: { high: 0, normal: 0, low: 0, retry: 0 }, oldestWaitingAt: null, isPaused };
}

function count(
  found: ReadonlyMap<string, QueueSnapshot>,
  at: { queue: string; lane: Lane },
  head: Head,
): void {
  const snapshot = found.get(at.queue === primaryQueue && at.lane === "retry" ? "retry" : at.queue);
  if (!snapshot) return;
  snapshot.lanes[at.lane] = head.waiting;
  snapshot.oldestWaitingAt = Math.min(snapshot.oldestWaitingAt ?? head.since, head.since);
}
