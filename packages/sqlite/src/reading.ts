import { positionsKnown, primaryQueue, type QueueStatus, type TaskReading } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import type { ErrorGroupTable } from "./error-group-table.ts";
import type { Listing } from "./listing.ts";
import { lanePlace, lanes } from "./places.ts";
import { createQueueOverview } from "./queue-overview.ts";
import type { QueueTable } from "./queue-table.ts";
import type { TaskRows } from "./task-rows.ts";
import type { TaskTable } from "./task-table.ts";

type Parts = {
  connection: Connection;
  commits: CommitQueue;
  tasks: TaskTable;
  queues: QueueTable;
  rows: TaskRows;
  listing: Listing;
  groups: ErrorGroupTable;
  status: () => QueueStatus;
};

export function createReading(parts: Parts): TaskReading {
  const { connection, commits, tasks, queues, rows, listing, groups } = parts;
  const idsOf = connection.prepare("SELECT id FROM tasks WHERE place = ? ORDER BY rank, id LIMIT ?");
  const ahead = connection.prepare(
    "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE place = ? AND (rank, id) < (?, ?) LIMIT ?)",
  );
  const newestDead = connection.prepare(
    "SELECT seq FROM tasks WHERE place = 'DLQ' ORDER BY rank DESC, id DESC LIMIT ?",
  );
  const overview = createQueueOverview(connection, queues);
  return {
    async get(id) {
      commits.assertOpen();
      const found = tasks.findWithBodies(id);
      return found && rows.whole(found.record, found.bodies);
    },

    list: (query) => listing.page(query),

    async status() {
      commits.assertOpen();
      return parts.status();
    },

    async queueOverview() {
      commits.assertOpen();
      return overview();
    },

    async queueTaskIds(queue, limit) {
      commits.assertOpen();
      const places = placesOf(queue, queues);
      if (places === null) return null;
      const ids: string[] = [];
      for (const place of places) {
        ids.push(...idsOf.all<[string]>(place, limit - ids.length).map(([id]) => id));
      }
      return ids;
    },

    async linePosition(id) {
      commits.assertOpen();
      const record = tasks.find(id);
      if (record?.state !== "PENDING") return null;
      const { place, rank } = record;
      const [before = 0] = ahead.first<[number]>(place, rank, id, positionsKnown) ?? [];
      return before < positionsKnown ? before : null;
    },

    async deadLetters(limit) {
      commits.assertOpen();
      return rows.load(
        newestDead.all<[number]>(limit).map(([seq]) => seq),
        true,
      );
    },

    async deadLetterGroups(limit) {
      commits.assertOpen();
      return groups.read(limit);
    },
  };
}

/** The places of a queue in the order in which they run; null for a queue that never was. */
function placesOf(queue: string, queues: QueueTable): string[] | null {
  if (queue === "scheduled") return ["SCHEDULED"];
  if (queue === "dlq") return ["DLQ"];
  if (queue === "retry") return [lanePlace(primaryQueue, "retry")];
  const ownLanes = lanes.map((lane) => lanePlace(queue, lane));
  if (queue === primaryQueue) return ownLanes;
  return queues.names().includes(queue) ? [...ownLanes, lanePlace(queue, "retry")] : null;
}
