import type { TaskDetail } from "@workstream/core";
import type { TaskRequestParts } from "./task-curl.ts";
import { uploadOf } from "./uploaded-file.ts";

/** What would make a task like this one: its type, its input, and the options that are not the usual ones. */
export function requestOf(task: TaskDetail): TaskRequestParts {
  const upload = uploadOf(task);
  if (upload !== null) {
    const { filename, issueDate, otherMetadata } = upload;
    const fields = issueDate === null ? {} : { issue_date: issueDate };
    return {
      type: task.task_type,
      options: optionsOf(task, otherMetadata),
      body: { kind: "file", filename, fields },
    };
  }
  return {
    type: task.task_type,
    options: optionsOf(task, task.metadata),
    body: { kind: "json", input: inputOf(task) },
  };
}

/** The input that a task was created with. It is kept as a text where it is one, otherwise as JSON. */
export function inputOf({ content, task_type }: TaskDetail): unknown {
  if (content === null) return null;
  if (task_type === "summarize" && !content.startsWith("{")) return content;
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

function optionsOf(task: TaskDetail, metadata: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(task.priority !== "normal" && { priority: task.priority }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
