/** Walking candidates: keeps those that match, asked for in scripts of 1 ms (lua/match-tasks.lua). */
import {
  primaryQueue,
  type TaskFilter,
  type TaskListQuery,
  timeOfTaskId,
  unknownErrorGroup,
} from "@workstream/core";
import type { ListPlan } from "./list-plan.ts";
import type { Entry } from "./list-source.ts";
import type { StoreLink } from "./store-link.ts";

/** Times that were not asked for are what the id tells, 0 and null. */
export type Candidate = {
  entry: Entry;
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
};

export type WalkRequest = {
  query: TaskListQuery;
  after: Entry | null;
  /** Times that the caller needs beside those that the order asks for. */
  alsoTold?: readonly TimeField[];
};

/** `last` is the last candidate looked at, whether it matched or not. */
export type Walk = { found: Candidate[]; last: Entry | null; isWhole: boolean };

const maxCandidates = 2_000;
const chunkSize = 250;

export async function walk(
  link: StoreLink,
  { source, sortedBy }: ListPlan,
  { query, after, alsoTold = [] }: WalkRequest,
): Promise<Walk> {
  const { filter, sortBy } = query;
  const told = sortedBy.includes(sortBy) ? alsoTold : [...alsoTold, sortBy];
  const found: Candidate[] = [];
  let last = after;
  for (let walked = 0; walked < maxCandidates; walked += chunkSize) {
    const { entries } = await source.page(last ? { after: last } : { offset: 0 }, chunkSize);
    found.push(...(await matching(link, entries, { filter, told })));
    last = entries.at(-1) ?? last;
    if (entries.length < chunkSize) return { found, last, isWhole: true };
  }
  return { found, last, isWhole: false };
}

export type TimeField = "created_at" | "updated_at" | "completed_at";

/** Those of the entries whose tasks are there and match; `told` are the times that the caller needs of them. */
export async function matching(
  link: StoreLink,
  entries: readonly Entry[],
  { filter, told }: { filter: TaskFilter; told: readonly TimeField[] },
): Promise<Candidate[]> {
  if (entries.length === 0) return [];
  const isDated = filter.createdFrom !== undefined || filter.createdTo !== undefined;
  const fields = new Set(isDated ? ["created_at", ...told] : told);
  const [, ...values] = await link.scripts.run("match-tasks", {
    keys: entries.map(({ id }) => link.keys.task(id)),
    args: { told: [...fields].join(",") },
    records: demandsOf(filter),
  });
  const found: Candidate[] = [];
  for (let at = 0; at < values.length; at += 1 + fields.size) {
    const entry = entries[Number(values[at])];
    const times = [...fields].map((field, index) => [field, values[at + 1 + index]]);
    if (entry) found.push(candidate(entry, Object.fromEntries(times)));
  }
  return found.filter(({ entry, createdAt }) => isWithin(filter, entry.id, createdAt));
}

function candidate(entry: Entry, times: Partial<Record<TimeField, string | number | null>>): Candidate {
  const { created_at, updated_at, completed_at } = times;
  return {
    entry,
    createdAt: Number(created_at ?? timeOfTaskId(entry.id) ?? 0),
    updatedAt: Number(updated_at ?? 0),
    completedAt: completed_at == null ? null : Number(completed_at),
  };
}

/** Whether there is such a task, and it matches. */
export async function isMatch(link: StoreLink, id: string, filter: TaskFilter): Promise<boolean> {
  const [found] = await matching(link, [{ list: 0, score: "0", id }], { filter, told: [] });
  return found !== undefined;
}

type Demand = { field: string; wanted: string; otherwise: string };

/** What the filter asks of a task's hash, but for its time and id. */
function demandsOf({ state, type, queue, errorType, errorGroup }: TaskFilter): Demand[] {
  const demands: Demand[] = [];
  const ask = (field: string, wanted: string | undefined, otherwise = "") => {
    if (wanted !== undefined) demands.push({ field, wanted, otherwise });
  };
  ask("state", state);
  ask("task_type", type);
  ask("error_type", errorType);
  if (queue === "scheduled") ask("state", "SCHEDULED");
  else if (queue === "dlq") ask("state", "DLQ");
  else if (queue === "retry") {
    ask("state", "PENDING");
    ask("queue", primaryQueue, primaryQueue);
    ask("lane", "retry");
  } else ask("queue", queue, primaryQueue);
  if (errorGroup === undefined) return demands;
  ask("state", "DLQ");
  ask("error_group", errorGroup, unknownErrorGroup);
  return demands;
}

function isWithin({ createdFrom, createdTo, idPrefix }: TaskFilter, id: string, createdAt: number): boolean {
  if (createdFrom !== undefined && createdAt < createdFrom) return false;
  if (createdTo !== undefined && createdAt > createdTo) return false;
  return idPrefix === undefined || id.startsWith(idPrefix);
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
