import { skipToken, useQuery } from "@tanstack/react-query";
import type { TaskDetail } from "@workstream/core";
import { client } from "../../lib/client.ts";
import { inputOf } from "../../lib/task-request.ts";
import { uploadOf } from "../../lib/uploaded-file.ts";

export type Prefill = {
  taskId: string;
  type: string;
  /** The input as it was given; the text itself where it is kept as one. */
  input: unknown;
  content: string | null;
  /** Fetched, for it is sent again. */
  file: File | null;
  issueDate: string;
};

/** What another task was created from, to begin with. */
export function usePrefill(from: string | undefined) {
  return useQuery({
    // Not below `tasks`: a change of that task must not overwrite what is being typed.
    queryKey: ["prefill", from],
    queryFn: from === undefined ? skipToken : ({ signal }) => readPrefill(from, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

async function readPrefill(taskId: string, signal: AbortSignal): Promise<Prefill> {
  const task = await client.tasks.get(taskId, { signal });
  const upload = uploadOf(task);
  const file = upload === null ? null : await readFile(task, upload.filename, signal);
  return {
    taskId,
    type: task.task_type,
    input: inputOf(task),
    content: task.content,
    file,
    issueDate: upload?.issueDate ?? "",
  };
}

async function readFile({ task_id: id }: TaskDetail, filename: string, signal: AbortSignal): Promise<File> {
  const blob = await (await client.tasks.input(id, { signal })).blob();
  return new File([blob], filename, { type: blob.type });
}
