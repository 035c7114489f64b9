/** A new task as the intake scripts take it: JSON, in runs of tasks that are alike (lua/lib/intake-runs.lua). */
import {
  type EnqueueOutcome,
  maxInlineBytes,
  type NewTask,
  taskIdPattern,
  timeOfTaskId,
} from "@workstream/core";
import type { RedisKeys } from "./keys.ts";
import type { ExceptionReply } from "./scripts.ts";
import type { StoreLink } from "./store-link.ts";

export type IntakeRecord = {
  task: NewTask;
  /** Its text is too long for the hash, or it is a file: the bytes are uploaded. */
  hasUpload: boolean;
  /** Every value of a task that is not plain, which is a run of its own; null for a plain one. */
  values: readonly string[] | null;
};
export type BatchOutcome = EnqueueOutcome | { outcome: "refused"; id: string };

/** 250 tasks hold Redis for 2 to 3 ms; 1,000 held it for 8. */
export const partSize = 250;
const partLength = 2 * 1024 * 1024;

/** @param now the store's time, for an id that tells none */
export function intakeRecord(task: NewTask, now: number): IntakeRecord {
  const isLong = task.content.length * 3 > maxInlineBytes && Buffer.byteLength(task.content) > maxInlineBytes;
  const hasUpload = isLong || task.contentKind === "file";
  const isPlainTask = !isLong && isPlain(task);
  if (isPlainTask && task.idempotency === null) return { task, hasUpload, values: null };
  const plain = isPlainTask ? plainFacts(task) : "";
  return { task, hasUpload, values: recordValues(task, { now, isLong, hasUpload, plain }) };
}

/** Whether its first claim and its completion need to know no more than `plainFacts` beside the content. */
function isPlain(task: NewTask): boolean {
  const isNow = task.delayMs === 0 && task.runAt === null;
  const isBounded = task.timeoutMs !== null || task.expiresInMs !== null;
  const isUsual = isNow && !isBounded && task.contentKind !== "file" && task.metadata === "{}";
  // Facts are told with commas between them. A look for one takes less than a pattern.
  const isNamed = !task.type.includes(",") && !task.queue.includes(",");
  return isUsual && isNamed && taskIdPattern.test(task.id);
}

function plainFacts({ contentKind, maxRetries, type }: NewTask): string {
  return `${contentKind},${maxRetries},${type}`;
}

type Recorded = { now: number; isLong: boolean; hasUpload: boolean; plain: string };

function recordValues(task: NewTask, { now, isLong, hasUpload, plain }: Recorded): string[] {
  return [
    "",
    task.id,
    String(timeOfTaskId(task.id) ?? now),
    task.type,
    task.queue,
    task.priority,
    task.contentKind,
    isLong ? "" : task.content,
    task.metadata,
    String(task.maxRetries),
    textOf(task.timeoutMs),
    String(task.delayMs),
    textOf(task.runAt),
    textOf(task.expiresInMs),
    task.idempotency?.key ?? "",
    task.idempotency?.fingerprint ?? "",
    hasUpload ? "1" : "",
    plain,
  ].map(wellFormed);
}

/** Half of a surrogate pair has no UTF-8, and its JSON is refused by Redis: U+FFFD takes its place. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function textOf(value: number | null): string {
  return value === null ? "" : String(value);
}

/** At most 250 tasks and some 2 MB. */
export type IntakePart = { records: IntakeRecord[]; json: string };

/** Parts in order. */
export function intakeParts(records: readonly IntakeRecord[]): IntakePart[] {
  const parts: IntakePart[] = [];
  for (let at = 0; at < records.length; at += parts.at(-1)?.records.length ?? 0) {
    parts.push(firstPart(records, at));
  }
  return parts;
}

/** As many records from `from` on as go into one part: at least one, of some. */
export function firstPart(records: readonly IntakeRecord[], from = 0): IntakePart {
  const end = Math.min(from + partSize, records.length);
  let [to, length] = [from, 0];
  while (to < end) {
    const task = records[to]?.task;
    length += (task?.content.length ?? 0) + (task?.metadata.length ?? 0);
    if (to > from && length > partLength) break;
    to += 1;
  }
  const part = records.slice(from, to);
  return { records: part, json: JSON.stringify(runsOf(part)) };
}

/** Ids of a run ascend, so that one look tells the scripts that all are new. */
function runsOf(records: readonly IntakeRecord[]): (readonly string[])[] {
  const runs: (readonly string[])[] = [];
  let [run, last]: [string[], NewTask | null] = [[], null];
  for (const { task, values } of records) {
    if (values) {
      runs.push(values);
      last = null;
      continue;
    }
    if (last === null || !areAlike(last, task) || task.id <= last.id) {
      run = [plainFacts(task), task.queue, task.priority];
      runs.push(run);
    }
    run.push(task.id, wellFormed(task.content));
    last = task;
  }
  return runs;
}

function areAlike(one: NewTask, other: NewTask): boolean {
  return (
    one.type === other.type &&
    one.queue === other.queue &&
    one.priority === other.priority &&
    one.contentKind === other.contentKind &&
    one.maxRetries === other.maxRetries
  );
}

/** A Cluster must know the keys beforehand; for a single server they would only be more to read. */
export function declaredKeys(records: readonly IntakeRecord[], { keys, isCluster }: StoreLink): string[] {
  return isCluster ? records.flatMap((record) => intakeKeys(record, keys)) : [];
}

function intakeKeys({ task, hasUpload }: IntakeRecord, keys: RedisKeys): string[] {
  const lanes = keys.lanes(task.queue);
  const lane = lanes[task.priority];
  return [
    keys.task(task.id),
    keys.indexOfType(task.type),
    ...(task.queue === "primary"
      ? []
      : [lane, lanes.wakeup, lanes.wakeupHigh, keys.indexOfQueue(task.queue)]),
    ...(hasUpload ? [keys.input(task.id)] : []),
    ...(task.idempotency === null ? [] : [keys.idempotency(task.idempotency.key)]),
  ];
}

/** One outcome for each record, in order. `isRefused`: what would have been created was not. */
export function readOutcomes(
  records: readonly IntakeRecord[],
  exceptions: ExceptionReply,
  isRefused = false,
): BatchOutcome[] {
  const outcomes = records.map(
    ({ task: { id } }): BatchOutcome =>
      isRefused ? { outcome: "refused", id } : { outcome: "created", id, state: "PENDING" },
  );
  for (let at = 0; at + 3 < exceptions.length; at += 4) {
    const [index, outcome, id, state] = exceptions.slice(at, at + 4).map(String);
    outcomes[Number(index) - 1] = readOutcome(outcome, id ?? "", state, isRefused);
  }
  return outcomes;
}

function readOutcome(
  outcome: string | undefined,
  id: string,
  state: string | undefined,
  isRefused: boolean,
): BatchOutcome {
  if (outcome === "conflict") return { outcome, id };
  if (isRefused || outcome === "no_input") return { outcome: "refused", id };
  if (outcome === "exists") return { outcome, id };
  return { outcome: "created", id, state: state === "SCHEDULED" ? "SCHEDULED" : "PENDING" };
}
