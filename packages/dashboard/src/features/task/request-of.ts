import type { TaskDetail } from "@workstream/core";
import type { TaskRequestParts } from "../../lib/task-curl.ts";
import { readStoredText } from "./views/stored-text.ts";
import { uploadOf } from "./views/uploaded-file.ts";

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
  const stored = readStoredText(task.content);
  const input = stored.kind === "json" ? stored.value : textInput(task);
  return { type: task.task_type, options: optionsOf(task, task.metadata), body: { kind: "json", input } };
}

/** A summary's text is kept as it is; any other input is kept as JSON, a number or a word in quotes too. */
function textInput({ content, task_type }: TaskDetail): unknown {
  if (content === null) return null;
  if (task_type === "summarize") return content;
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
