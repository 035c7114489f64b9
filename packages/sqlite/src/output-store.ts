import { type NewOutput, outputPieces, type TaskOutputs } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { LeaseProof } from "./lease-proof.ts";
import type { OutputHub } from "./output-hub.ts";
import type { OutputTable } from "./output-table.ts";
import type { TaskLogs } from "./task-logs.ts";

type Parts = {
  commits: CommitQueue;
  logs: TaskLogs;
  outputs: OutputTable;
  outputHub: OutputHub;
  holdsLease: LeaseProof;
  now: () => number;
};

/** Entries of one transaction. */
const partSize = 50;

export function createOutputStore({
  commits,
  logs,
  outputs,
  outputHub,
  holdsLease,
  now,
}: Parts): TaskOutputs {
  return {
    async append(workerId, lease, entries) {
      for (const part of partsOf(outputPieces(entries))) {
        const added = await commits.write((transaction) => {
          if (!holdsLease(workerId, lease)) return null;
          return outputs.append(logs.open(lease.id, "output", transaction.now), part, transaction.now);
        });
        if (added === null) return "lease_lost";
        outputHub.tell(lease.id, added);
      }
      return "appended";
    },

    async read(taskId, after) {
      commits.assertOpen();
      const found = logs.find(taskId, "output", now());
      return found === null ? [] : outputs.read(found.log, after);
    },

    async subscribe(taskId, listener) {
      commits.assertOpen();
      const end = outputHub.listen(taskId, (entries) => listener.onEntries(entries));
      return { close: async () => end() };
    },
  };
}

function partsOf(entries: readonly NewOutput[]): NewOutput[][] {
  const parts: NewOutput[][] = [];
  for (let at = 0; at < entries.length; at += partSize) parts.push(entries.slice(at, at + partSize));
  return parts;
}
