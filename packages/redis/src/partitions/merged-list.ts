/**
 * Pages of tasks over all partitions, as list-query.ts reads those of one: each gives its next entries, and the first of all of
 * them in the merged order are the page. The cursor says where each partition goes on.
 */
import type { Task, TaskListQuery, TaskPage } from "@workstream/core";
import { namedQueues, planList } from "../list-plan.ts";
import { fingerprint, isWholeId, withoutEmptyPrefix } from "../list-query.ts";
import { readSummaries, readTasks } from "../task-reader.ts";
import { type MergedPosition, type Place, readMergedCursor, writeMergedCursor } from "./merged-cursor.ts";
import { inMergedOrder, type Placed, placed } from "./merged-order.ts";
import { type FoundPage, itemOf, mergeKindOf, type Planned, placesAfter } from "./merged-page.ts";
import { walkedPage } from "./merged-walk.ts";
import { splitOffset } from "./offset-split.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";

export async function mergedList(partitions: PartitionSet, asked: TaskListQuery): Promise<TaskPage> {
  const { idPrefix } = asked.filter;
  if (isWholeId(idPrefix)) {
    const list = ({ stores }: Partition) => stores.tasks.list(asked);
    return partitions.find(idPrefix, list, ({ tasks }) => tasks.length > 0);
  }
  const query = withoutEmptyPrefix(asked);
  const start = startOf(query, partitions.count);
  const planned = await planAll(partitions, query, start.by === "" ? undefined : start.by);
  const chosen = planned.find(({ plan }) => plan !== null)?.plan;
  if (!chosen) return { tasks: [], total: 0, isTotalEstimate: false, nextCursor: null };
  const from = { ...start, by: chosen.by };
  const isExact = planned.every(({ plan }) => plan === null || plan.isExact);
  const found = isExact ? await exactPage(planned, query, from) : await walkedPage(planned, query, from);
  return {
    tasks: await readAll(found.items, query.withBodies),
    total: found.total,
    isTotalEstimate: found.isTotalEstimate,
    nextCursor: found.next && writeMergedCursor(found.next),
  };
}

function startOf(query: TaskListQuery, count: number): MergedPosition {
  const ofQuery = fingerprint(query);
  if ("cursor" in query.position) return readMergedCursor(query.position.cursor, ofQuery, count);
  const places = Array<Place>(count).fill(0);
  return { query: ofQuery, by: "", places, skip: query.position.offset, seen: 0 };
}

/** All read the same kind of source: one that was chosen by some, and that all can read. */
async function planAll(partitions: PartitionSet, query: TaskListQuery, by?: string): Promise<Planned[]> {
  const named = [...new Set((await partitions.map(({ link }) => namedQueues(link))).flat())];
  const planWith = (source?: string) =>
    partitions.map(async (partition): Promise<Planned> => {
      return { partition, plan: await planList(partition.link, query, { by: source, named }) };
    });
  const planned = await planWith(by);
  const sources = new Set(planned.flatMap(({ plan }) => (plan === null ? [] : [plan.by])));
  const [source] = sources;
  return sources.size <= 1 ? planned : planWith(source);
}

/** Read by rank: each gives a page and the one that is next, from where it went on. */
async function exactPage(
  planned: readonly Planned[],
  query: TaskListQuery,
  start: MergedPosition,
): Promise<FoundPage> {
  const { limit, sortOrder } = query;
  const plans = planned.map(({ plan }) => plan);
  const kind = mergeKindOf(plans, query);
  const split = start.skip === 0 ? null : await splitOffset(plans, start.skip, sortOrder);
  const places = start.places.map((place, index) => split?.offsets[index] || place);
  const rest = split?.rest ?? 0;
  const pages = await Promise.all(
    planned.map(async ({ partition, plan }) => {
      const place = places[partition.index] ?? 0;
      const from = typeof place === "object" ? { after: place } : { offset: place };
      const page = await plan?.source.page(from, rest + limit + 1);
      return { total: page?.total ?? 0, entries: await placed(kind, partition, page?.entries ?? []) };
    }),
  );
  const all: Placed[] = pages.flatMap(({ entries }) => entries).sort(inMergedOrder(kind, sortOrder));
  const passed = all.slice(0, rest + limit);
  const isMore = all.length > passed.length;
  return {
    items: passed.slice(rest).map(itemOf),
    total: pages.reduce((sum, { total }) => sum + total, 0),
    isTotalEstimate: false,
    next: isMore ? { ...start, places: placesAfter(places, passed), skip: 0 } : null,
  };
}

async function readAll(items: FoundPage["items"], withBodies: boolean): Promise<Task[]> {
  const owners = new Set(items.map(({ partition }) => partition));
  const read = (owner: Partition) => {
    const { link, inputs } = owner;
    const ids = items.filter(({ partition }) => partition === owner).map(({ id }) => id);
    return withBodies ? readTasks(link, inputs, ids) : readSummaries(link, ids);
  };
  const tasks = new Map((await Promise.all([...owners].map(read))).flat().map((task) => [task.id, task]));
  return items.map(({ id }) => tasks.get(id)).filter((task) => task !== undefined);
}
