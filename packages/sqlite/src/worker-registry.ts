import type { WorkerRegistry } from "@workstream/core";
import type { Claims } from "./claims.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import type { Revocations } from "./revocations.ts";
import type { WorkerTable } from "./worker-table.ts";

type Parts = {
  connection: Connection;
  commits: CommitQueue;
  workers: WorkerTable;
  claims: Claims;
  revocations: Revocations;
  now: () => number;
};

/** Workers stay on the list this long after their last beat. */
const listedMs = 3_600_000;
const defaultLimit = 1_000;

export function createWorkerRegistry(parts: Parts): WorkerRegistry {
  const { connection, commits, workers, claims, revocations, now } = parts;
  const active = connection.prepare(
    "SELECT worker_id, id FROM tasks WHERE place = 'ACTIVE' ORDER BY rank, id",
  );
  return {
    beat: (beat) => commits.write((transaction) => workers.set(beat, transaction.now)),

    async leave(workerId) {
      await commits.write(() => workers.remove(workerId));
      claims.forget(workerId);
    },

    async list(limit = defaultLimit) {
      commits.assertOpen();
      const at = now();
      const running = new Map<string, string[]>();
      for (const [workerId, id] of active.all<[string, string]>()) {
        running.set(workerId, [...(running.get(workerId) ?? []), id]);
      }
      return workers.listSince(at - listedMs, limit).map(({ beat, lastBeatAt }) => ({
        ...beat,
        lastBeatAt,
        beatAgeMs: Math.max(0, at - lastBeatAt),
        activeTaskIds: running.get(beat.workerId) ?? [],
      }));
    },

    async onRevoked(workerId, listener) {
      return revocations.listen(workerId, listener);
    },
  };
}
