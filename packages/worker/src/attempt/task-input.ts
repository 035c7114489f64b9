import type { ClaimedTask } from "@workstream/core";
import { type Parsed, parseWith, type SchemaIssue } from "../definition/schema.ts";
import type { TaskDefinition } from "../definition/task-definition.ts";

/**
 * What the handler gets: the text, the JSON, or for a type that takes a file the task's metadata, as its
 * input schema makes of it. A mismatch between what the type takes and what the task holds is a fault of the
 * input.
 */
export function parseTaskInput(task: ClaimedTask, definition: TaskDefinition): Parsed | Promise<Parsed> {
  if (definition.takesFile !== (task.contentKind === "file")) return mismatch(definition);
  const raw = rawInput(task);
  return raw.isValid ? parseWith(definition.input, raw.value) : raw;
}

function rawInput(task: ClaimedTask): Parsed {
  if (task.contentKind === "text") return { isValid: true, value: task.content };
  return parseJson(task.contentKind === "file" ? task.metadata : task.content);
}

/** Metadata as an object; empty when another program wrote something else. */
export function metadataOf(task: ClaimedTask): Record<string, unknown> {
  const parsed = parseJson(task.metadata);
  const isObject = parsed.isValid && typeof parsed.value === "object" && parsed.value !== null;
  return isObject && !Array.isArray(parsed.value) ? (parsed.value as Record<string, unknown>) : {};
}

function parseJson(text: string): Parsed {
  try {
    return { isValid: true, value: JSON.parse(text) };
  } catch (error) {
    return invalid({ message: `It is not JSON: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function mismatch({ takesFile }: TaskDefinition): Parsed {
  const message = takesFile ? "The type takes an uploaded file." : "The type takes no uploaded file.";
  return invalid({ message });
}

function invalid(issue: SchemaIssue): Parsed {
  return { isValid: false, issues: [issue] };
}
