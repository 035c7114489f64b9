/** From what a request says about a task to what the store needs to know: type, content and idempotency. */
import {
  type ContentKind,
  type TaskCatalog,
  type TaskOptions,
  type TaskTypeInfo,
  WorkstreamError,
} from "@workstream/core";
import type { ApiContext } from "./api-context.ts";
import { type Idempotency, toIdempotency } from "./idempotency.ts";
import { invalidInput } from "./input-validator.ts";

export type TaskContent = { contentKind: ContentKind; content: string };

/** Everything that a request says about one task, validated. */
export type TaskRequest = TaskContent & {
  info: TaskTypeInfo;
  options: TaskOptions;
  idempotency: Idempotency;
};

/**
 * @param pointer where the type stands in the body; empty when it stands in the path
 * @throws unknown_task_type when it stands in the path · invalid_input when in the body
 */
export function taskType(catalog: TaskCatalog, type: string, pointer = ""): TaskTypeInfo {
  const info = catalog.get(type);
  if (info !== undefined) return info;
  const known = catalog.list().map((entry) => entry.type);
  const advice =
    known.length > 0
      ? `Known are ${known.join(", ")}; start the gateway with --tasks for those of a module.`
      : "None is registered.";
  const detail = `There is no task type ${JSON.stringify(type.slice(0, 64))}. ${advice}`;
  if (pointer !== "") throw invalidInput([{ pointer, detail }]);
  throw new WorkstreamError("unknown_task_type", detail);
}

/**
 * The input as a store keeps it: text as it is, anything else as JSON.
 * @param pointer where the input stands in the body
 * @throws invalid_input when it is not what the type takes · too_large
 */
export function taskContent(
  info: TaskTypeInfo,
  input: unknown,
  { pointer, maxBytes }: { pointer: string; maxBytes: number },
): TaskContent {
  const content = typeof input === "string" ? input : (JSON.stringify(input) ?? "null");
  if (Buffer.byteLength(content) > maxBytes) {
    throw new WorkstreamError(
      "too_large",
      `${pointer} has over ${maxBytes} bytes, the most that a task may carry.`,
    );
  }
  const parsed = info.parseInput(input);
  if (!parsed.isValid) {
    throw invalidInput(
      parsed.issues.map((issue) => ({ pointer: pointer + issue.pointer, detail: issue.message })),
    );
  }
  return { contentKind: typeof input === "string" ? "text" : "json", content };
}

export type JsonTask = { type: string; input: unknown; options: TaskOptions; key: string | null };
/** Where they stand in the body; "" for a type that stands in the path. */
export type InputPointers = { type: string; input: string };

/** @throws unknown_task_type · invalid_input · too_large */
export function toTaskRequest(
  { catalog, settings }: ApiContext,
  { type, input, options, key }: JsonTask,
  pointers: InputPointers,
): TaskRequest {
  const info = taskType(catalog, type, pointers.type);
  if (info.takesFile) {
    const detail = `The input of ${type} is a file: send it as multipart/form-data to /api/v1/tasks/${type}.`;
    throw invalidInput([{ pointer: pointers.input, detail }]);
  }
  const content = taskContent(info, input, { pointer: pointers.input, maxBytes: settings.maxContentBytes });
  return { info, options, idempotency: toIdempotency(key, { type, input }, options), ...content };
}
