import { setImmediate as nextTurn } from "node:timers/promises";
import { maxStepsBytes, type TaskSteps, WorkstreamError } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { LeaseProof } from "./lease-proof.ts";
import type { StepTable } from "./step-table.ts";
import type { Sweeper } from "./sweeper.ts";
import type { TaskLogs } from "./task-logs.ts";
import { type TextTable, writeText } from "./text-table.ts";

type Parts = {
  commits: CommitQueue;
  logs: TaskLogs;
  steps: StepTable;
  texts: TextTable;
  sweeper: Sweeper;
  holdsLease: LeaseProof;
  now: () => number;
};

/** After reading so much, the event loop has its turn: 2–3 ms. A step is as much work as 4 kB of its value. */
const turnBytes = 512 * 1024;
const stepBytes = 4 * 1024;

export function createStepStore(parts: Parts): TaskSteps {
  const { commits, logs, steps, texts, sweeper, holdsLease } = parts;
  return {
    read: (taskId) => readSteps(parts, taskId),

    async write(workerId, lease, { name, value }) {
      if (name === "") throw new WorkstreamError("invalid_input", "A step needs a name.");
      const bytes = Buffer.byteLength(name) + Buffer.byteLength(value);
      if (bytes > maxStepsBytes) return "full";
      let isReplaced = false;
      const outcome = await writeText({ commits, texts }, Buffer.from(value), (keep, { now }) => {
        if (!holdsLease(workerId, lease)) return "lease_lost";
        const found = logs.find(lease.id, "steps", now);
        const old = found && steps.find(found.log, name);
        const growth = bytes - (old?.bytes ?? 0);
        if ((found?.bytes ?? 0) + growth > maxStepsBytes) return "full";
        if (old) texts.condemn(old.text);
        isReplaced = old !== null;
        const log = logs.open(lease.id, "steps", now);
        steps.put(log, { name, text: keep(), bytes });
        logs.grow(log, growth);
        return "written";
      });
      if (isReplaced || outcome !== "written") sweeper.kick();
      return outcome;
    },

    async forget(taskId) {
      await commits.write(() => logs.condemn(taskId, "steps"));
      sweeper.kick();
    },
  };
}

/** A step that is replaced or forgotten while the others are read is left out. */
async function readSteps(
  { commits, logs, steps, texts, now }: Parts,
  taskId: string,
): Promise<Map<string, string>> {
  commits.assertOpen();
  const values = new Map<string, string>();
  const found = logs.find(taskId, "steps", now());
  let bytesRead = 0;
  for (const { name, text, bytes } of found ? steps.list(found.log) : []) {
    if (bytesRead > turnBytes) {
      await nextTurn();
      commits.assertOpen();
      bytesRead = 0;
    }
    const value = texts.read(text);
    if (value !== null) values.set(name, value);
    bytesRead += bytes + stepBytes;
  }
  return values;
}
