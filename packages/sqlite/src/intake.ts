import { maxBatchSize, mintTaskId, type NewTask, type TaskIntake, WorkstreamError } from "@workstream/core";
import { type TaskAcceptance, uploadedTextBytes } from "./accept-task.ts";
import type { BatchIntake } from "./batch-intake.ts";
import type { CommitQueue } from "./commit-queue.ts";
import { openUpload } from "./input-store.ts";
import type { InputTable } from "./input-table.ts";

type Parts = {
  commits: CommitQueue;
  inputs: InputTable;
  acceptance: TaskAcceptance;
  batches: BatchIntake;
  now: () => number;
};

export function createIntake(parts: Parts): TaskIntake {
  const { commits, acceptance, batches, now } = parts;
  return {
    mintId: () => mintTaskId(now()),

    async enqueue(task) {
      if (isUploaded(task)) await uploadText(parts, task);
      await batches.whenKeysAreFree([task]);
      return commits.write((transaction) => {
        acceptance.assertRoom([task]);
        return acceptance.accept(task, transaction);
      });
    },

    async enqueueBatch(tasks) {
      if (tasks.length > maxBatchSize) throw tooLarge(tasks.length);
      for (const task of tasks.filter(isUploaded)) await uploadText(parts, task);
      return batches.enqueue(tasks);
    },

    remembers: async (keys) => keys.every((key) => acceptance.remembers(key, now())),
  };
}

/** Whether a text is so long that it is written before its task is accepted, in transactions of their own. */
function isUploaded({ content, contentKind }: NewTask): boolean {
  if (contentKind === "file" || content.length * 3 <= uploadedTextBytes) return false;
  return Buffer.byteLength(content) > uploadedTextBytes;
}

async function uploadText({ commits, inputs }: Parts, { id, content }: NewTask): Promise<void> {
  const upload = await openUpload({ commits, inputs }, id, "text");
  await upload.write(Buffer.from(content));
}

function tooLarge(size: number): WorkstreamError {
  return new WorkstreamError("too_large", `A batch holds at most ${maxBatchSize} tasks, not ${size}.`);
}
