/** Walking candidates: reads what a filter needs of each and keeps those that match. */
import { type TaskFilter, type TaskListQuery, timeOfTaskId, unknownErrorGroup } from "@workstream/core";
import type { ListPlan } from "./list-plan.ts";
import type { Entry } from "./list-source.ts";
import type { StoreLink } from "./store-link.ts";
import type { TaskHash } from "./task-hash.ts";
import { readFields } from "./task-reader.ts";

export type Candidate = {
  entry: Entry;
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
};

/** `last` is the last candidate looked at, whether it matched or not. */
export type Walk = { found: Candidate[]; last: Entry | null; isWhole: boolean };

const maxCandidates = 2_000;
const chunkSize = 200;
const walkedFields = [
  "state",
  "task_type",
  "queue",
  "created_at",
  "updated_at",
  "completed_at",
  "lane",
  "error_type",
  "error_group",
] as const;

export async function walk(
  link: StoreLink,
  { source }: ListPlan,
  { filter, after }: { filter: TaskFilter; after: Entry | null },
): Promise<Walk> {
  const found: Candidate[] = [];
  let last = after;
  for (let walked = 0; walked < maxCandidates; walked += chunkSize) {
    const { entries } = await source.page(last ? { after: last } : { offset: 0 }, chunkSize);
    found.push(...(await matching(link, entries, filter)));
    last = entries.at(-1) ?? last;
    if (entries.length < chunkSize) return { found, last, isWhole: true };
  }
  return { found, last, isWhole: false };
}

export async function matching(
  link: StoreLink,
  entries: readonly Entry[],
  filter: TaskFilter,
): Promise<Candidate[]> {
  const ids = entries.map(({ id }) => id);
  const hashes = await readFields(link, ids, walkedFields);
  return entries.flatMap((entry, index) => {
    const hash = hashes[index] ?? {};
    if (hash.state === undefined || !matches(filter, factsOf(entry.id, hash))) return [];
    return [candidate(entry, hash)];
  });
}

/** Whether there is such a task, and it matches. */
export async function isMatch(link: StoreLink, id: string, filter: TaskFilter): Promise<boolean> {
  const [found] = await matching(link, [{ list: 0, score: "0", id }], filter);
  return found !== undefined;
}

type Facts = {
  id: string;
  type: string;
  queue: string;
  state: string;
  createdAt: number;
  lane?: string | undefined;
  errorType?: string | undefined;
  errorGroup: string | null;
};

function factsOf(id: string, hash: TaskHash): Facts {
  return {
    id,
    type: hash.task_type ?? "",
    queue: hash.queue ?? "primary",
    state: hash.state ?? "",
    createdAt: createdAtOf(id, hash),
    lane: hash.lane,
    errorType: hash.error_type,
    errorGroup: hash.state === "DLQ" ? (hash.error_group ?? unknownErrorGroup) : null,
  };
}

function createdAtOf(id: string, hash: TaskHash): number {
  return Number(hash.created_at ?? timeOfTaskId(id) ?? 0);
}

function candidate(entry: Entry, hash: TaskHash): Candidate {
  return {
    entry,
    createdAt: createdAtOf(entry.id, hash),
    updatedAt: Number(hash.updated_at ?? 0),
    completedAt: hash.completed_at === undefined ? null : Number(hash.completed_at),
  };
}

/** Whether a task matches the whole filter. */
function matches(filter: TaskFilter, facts: Facts): boolean {
  const { state, type, queue, createdFrom, createdTo, idPrefix, errorType, errorGroup } = filter;
  if (state !== undefined && facts.state !== state) return false;
  if (type !== undefined && facts.type !== type) return false;
  if (queue !== undefined && !standsIn(queue, facts)) return false;
  if (errorType !== undefined && facts.errorType !== errorType) return false;
  if (errorGroup !== undefined && facts.errorGroup !== errorGroup) return false;
  if (createdFrom !== undefined && facts.createdAt < createdFrom) return false;
  if (createdTo !== undefined && facts.createdAt > createdTo) return false;
  return idPrefix === undefined || facts.id.startsWith(idPrefix);
}

function standsIn(queue: string, { queue: own, state, lane }: Facts): boolean {
  if (queue === "scheduled") return state === "SCHEDULED";
  if (queue === "dlq") return state === "DLQ";
  if (queue === "retry") return state === "PENDING" && own === "primary" && lane === "retry";
  return own === queue;
}

/** By the wanted key, those without one last; ids decide between equals. */
export function sortCandidates(
  candidates: readonly Candidate[],
  { sortBy, sortOrder }: TaskListQuery,
): Candidate[] {
  const keyOf = { created_at: "createdAt", updated_at: "updatedAt", completed_at: "completedAt" } as const;
  const sign = sortOrder === "asc" ? 1 : -1;
  return candidates.toSorted((a, b) => {
    const [left, right] = [a[keyOf[sortBy]], b[keyOf[sortBy]]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right || (a.entry.id < b.entry.id ? -1 : 1));
  });
}
