/** A new task as the intake scripts take it: strings, with "" for an absent value. */
import { type EnqueueOutcome, maxInlineBytes, type NewTask, timeOfTaskId } from "@workstream/core";
import type { RedisKeys } from "./keys.ts";
import type { intakeFields } from "./scripts.ts";

export type IntakeRecord = Record<(typeof intakeFields)[number], string>;
export type BatchOutcome = EnqueueOutcome | { outcome: "refused"; id: string };

/** 250 tasks hold Redis for 2 ms; 1,000 held it for 8. */
export const partSize = 250;
const partBytes = 2 * 1024 * 1024;

/** @param now the store's time, for an id that tells none */
export function intakeRecord(task: NewTask, now: number): IntakeRecord {
  const isLong = Buffer.byteLength(task.content) > maxInlineBytes;
  return {
    id: task.id,
    createdAt: String(timeOfTaskId(task.id) ?? now),
    type: task.type,
    queue: task.queue,
    priority: task.priority,
    contentKind: task.contentKind,
    content: isLong ? "" : task.content,
    metadata: task.metadata,
    maxRetries: String(task.maxRetries),
    timeoutMs: textOf(task.timeoutMs),
    delayMs: String(task.delayMs),
    runAt: textOf(task.runAt),
    expiresInMs: textOf(task.expiresInMs),
    idempotencyKey: task.idempotency?.key ?? "",
    fingerprint: task.idempotency?.fingerprint ?? "",
    hasUpload: isLong || task.contentKind === "file" ? "1" : "",
    plain: isPlain(task) && !isLong ? `${task.contentKind},${task.maxRetries}` : "",
  };
}

const uuidV7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** Whether its first claim and its completion need no more than lua/lib/tasks.lua says of plain tasks. */
function isPlain(task: NewTask): boolean {
  const isNow = task.delayMs === 0 && task.runAt === null;
  const isBounded = task.timeoutMs !== null || task.expiresInMs !== null;
  return isNow && !isBounded && task.contentKind !== "file" && task.metadata === "{}" && uuidV7.test(task.id);
}

function textOf(value: number | null): string {
  return value === null ? "" : String(value);
}

/** Parts of at most 250 tasks and 2 MB, in order. */
export function intakeParts(records: readonly IntakeRecord[]): IntakeRecord[][] {
  const parts: IntakeRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.content.length + record.metadata.length;
    const part = parts.at(-1);
    if (!part || part.length === partSize || bytes + size > partBytes) {
      parts.push([record]);
      bytes = size;
    } else {
      part.push(record);
      bytes += size;
    }
  }
  return parts;
}

export function intakeKeys(record: IntakeRecord, keys: RedisKeys): string[] {
  const lanes = keys.lanes(record.queue);
  const lane = lanes[record.priority as keyof typeof lanes];
  return [
    keys.task(record.id),
    keys.indexOfType(record.type),
    ...(record.queue === "primary" ? [] : [lane, lanes.wakeup, keys.indexOfQueue(record.queue)]),
    ...(record.hasUpload === "1" ? [keys.input(record.id)] : []),
    ...(record.idempotencyKey === "" ? [] : [keys.idempotency(record.idempotencyKey)]),
  ];
}

/** @param words outcome, id and state of each task in turn */
export function readOutcomes(words: readonly string[], isRefused: boolean): BatchOutcome[] {
  const outcomes: BatchOutcome[] = [];
  for (let at = 0; at < words.length; at += 3) {
    outcomes.push(readOutcome(words.slice(at, at + 3), isRefused));
  }
  return outcomes;
}

function readOutcome(
  [outcome = "", id = "", state = ""]: readonly string[],
  isRefused: boolean,
): BatchOutcome {
  if (outcome === "conflict") return { outcome, id };
  if (isRefused || outcome === "no_input") return { outcome: "refused", id };
  if (outcome === "exists") return { outcome, id };
  return { outcome: "created", id, state: state === "SCHEDULED" ? "SCHEDULED" : "PENDING" };
}
