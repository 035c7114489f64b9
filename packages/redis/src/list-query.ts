/**
 * Pages of tasks.
 *
 * When the plan leaves nothing to check and the source has the wanted order, a page is read by rank and its total is
 * exact. Otherwise at most 2,000 candidates are walked in chunks of 250; if that was not all, the total is a lower bound
 * and the cursor goes on.
 */
import { createHash } from "node:crypto";
import type { TaskFilter, TaskListQuery, TaskPage } from "@workstream/core";
import type { RedisInputs } from "./input-store.ts";
import { type Position, readCursor, writeCursor } from "./list-cursor.ts";
import { type ListPlan, planList } from "./list-plan.ts";
import { isMatch, sortCandidates, walk } from "./list-walk.ts";
import type { StoreLink } from "./store-link.ts";
import { readSummaries, readTasks } from "./task-reader.ts";

/** One page of ids, and how to go on. */
type IdPage = { ids: string[]; total: number; isTotalEstimate: boolean; next: Position | null };

const emptyPage: IdPage = { ids: [], total: 0, isTotalEstimate: false, next: null };
const wholeIdLength = 36;

export async function listTasks(
  link: StoreLink,
  inputs: RedisInputs,
  query: TaskListQuery,
): Promise<TaskPage> {
  const page = isWholeId(query.filter.idPrefix)
    ? await pageOfOne(link, query.filter.idPrefix, query.filter)
    : await pageOfIds(link, withoutEmptyPrefix(query));
  const tasks = query.withBodies
    ? await readTasks(link, inputs, page.ids)
    : await readSummaries(link, page.ids);
  return {
    tasks,
    total: page.total,
    isTotalEstimate: page.isTotalEstimate,
    nextCursor: page.next && writeCursor(page.next),
  };
}

export function withoutEmptyPrefix(query: TaskListQuery): TaskListQuery {
  const { idPrefix, ...filter } = query.filter;
  return idPrefix === "" ? { ...query, filter } : query;
}

/** Anything that is no beginning of an id of ours may be a whole id that another program chose. */
export function isWholeId(prefix: string | undefined): prefix is string {
  return prefix !== undefined && (prefix.length >= wholeIdLength || !/^[0-9a-f-]*$/.test(prefix));
}

async function pageOfOne(link: StoreLink, id: string, filter: TaskFilter): Promise<IdPage> {
  return (await isMatch(link, id, filter)) ? { ...emptyPage, ids: [id], total: 1 } : emptyPage;
}

async function pageOfIds(link: StoreLink, query: TaskListQuery): Promise<IdPage> {
  const ofQuery = fingerprint(query);
  const position = "cursor" in query.position ? readCursor(query.position.cursor, ofQuery) : null;
  const plan = await planList(link, query, { by: position?.by });
  if (!plan) return emptyPage;
  const skip = "offset" in query.position ? query.position.offset : 0;
  const start = position ?? { query: ofQuery, by: plan.by, after: null, skip, seen: 0 };
  return plan.isExact ? exactPage(plan, query, start) : walkedPage(link, plan, query, start);
}

/** Ties a cursor to the filter and order that it was made for. */
export function fingerprint({ filter, sortBy, sortOrder }: TaskListQuery): string {
  const entries = Object.entries(filter).sort(([a], [b]) => a.localeCompare(b));
  return createHash("sha1")
    .update(JSON.stringify([entries, sortBy, sortOrder]))
    .digest("base64url")
    .slice(0, 8);
}

async function exactPage({ source }: ListPlan, { limit }: TaskListQuery, start: Position): Promise<IdPage> {
  const from = start.after ? { after: start.after } : { offset: start.skip };
  const { total, entries } = await source.page(from, limit + 1);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const next = last && entries.length > limit ? { ...start, after: last, skip: 0 } : null;
  return { ids: page.map(({ id }) => id), total, isTotalEstimate: false, next };
}

async function walkedPage(
  link: StoreLink,
  plan: ListPlan,
  query: TaskListQuery,
  start: Position,
): Promise<IdPage> {
  const walked = await walk(link, plan, { query, after: start.after });
  const isInOrder = plan.sortedBy.includes(query.sortBy);
  const found = isInOrder ? walked.found : sortCandidates(walked.found, query);
  const page = found.slice(start.skip, start.skip + query.limit);
  const passed = start.skip + page.length;
  const lastEntry = page.at(-1)?.entry;
  // In order, the next page begins after an entry, which stays right while matches come and go.
  const next =
    isInOrder && lastEntry
      ? { ...start, after: lastEntry, skip: 0, seen: start.seen + passed }
      : { ...start, skip: passed };
  const beyond = { ...start, after: walked.last, skip: 0, seen: start.seen + found.length };
  return {
    ids: page.map(({ entry }) => entry.id),
    total: start.seen + found.length,
    isTotalEstimate: !walked.isWhole,
    next: passed < found.length ? next : walked.isWhole ? null : beyond,
  };
}
