/**
 * Pages of tasks over all partitions, as list-query.ts reads those of one: each gives its next entries, and the first of all of
 * them in the merged order are the page. The cursor says where each partition goes on.
 */
import type { Task, TaskListQuery, TaskPage } from "@workstream/core";
import { type ListPlan, planList } from "../list-plan.ts";
import { fingerprint, isWholeId, withoutEmptyPrefix } from "../list-query.ts";
import { type Candidate, sortCandidates, type Walk, walk } from "../list-walk.ts";
import { readSummaries, readTasks } from "../task-reader.ts";
import { type MergedPosition, type Place, readMergedCursor, writeMergedCursor } from "./merged-cursor.ts";
import { inMergedOrder, mergeKind, type Placed, placed } from "./merged-order.ts";
import { splitOffset } from "./offset-split.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";

type Planned = { partition: Partition; plan: ListPlan | null };
type Found = {
  items: { partition: Partition; id: string }[];
  total: number;
  isTotalEstimate: boolean;
  next: MergedPosition | null;
};

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
  return {
    query: ofQuery,
    by: "",
    places: Array<Place>(count).fill(0),
    skip: query.position.offset,
    seen: 0,
  };
}

/** All read the same kind of source: one that was chosen by some, and that all can read. */
async function planAll(partitions: PartitionSet, query: TaskListQuery, by?: string): Promise<Planned[]> {
  const planWith = (source?: string) =>
    partitions.map(
      async (partition): Promise<Planned> => ({
        partition,
        plan: await planList(partition.link, query, source),
      }),
    );
  const planned = await planWith(by);
  const sources = new Set(planned.flatMap(({ plan }) => (plan === null ? [] : [plan.by])));
  if (sources.size <= 1) return planned;
  const count = planned.filter(({ plan }) => plan !== null).length;
  for (const source of [...sources, "all"]) {
    const again = await planWith(source);
    if (again.filter(({ plan }) => plan !== null).length >= count) return again;
  }
  return planned;
}

async function exactPage(
  planned: readonly Planned[],
  query: TaskListQuery,
  start: MergedPosition,
): Promise<Found> {
  const { limit, sortOrder } = query;
  const plans = planned.map(({ plan }) => plan);
  const split = start.skip === 0 ? { offsets: [], rest: 0 } : await splitOffset(plans, start.skip, sortOrder);
  const places = start.places.map((place, index) => split.offsets[index] || place);
  const wanted = split.rest + limit + 1;
  let total = 0;
  const all: Placed[] = [];
  const kind = mergeKindOf(plans, query);
  await Promise.all(
    planned.map(async ({ partition, plan }) => {
      const page = await plan?.source.page(beginAt(places[partition.index]), wanted);
      total += page?.total ?? 0;
      all.push(...(await placed(kind, partition, page?.entries ?? [])));
    }),
  );
  all.sort(inMergedOrder(kind, sortOrder));
  const passed = all.slice(0, split.rest + limit);
  const isMore = all.length > passed.length;
  return {
    items: passed.slice(split.rest).map(({ partition, entry }) => ({ partition, id: entry.id })),
    total,
    isTotalEstimate: false,
    next: isMore ? { ...start, places: placesAfter(places, passed), skip: 0 } : null,
  };
}

type Walked = { partition: Partition; plan: ListPlan; walked: Walk };
type Matched = Placed & { candidate: Candidate };

async function walkedPage(
  planned: readonly Planned[],
  query: TaskListQuery,
  start: MergedPosition,
): Promise<Found> {
  const walks = await walkAll(planned, query, start);
  const isInOrder = walks.every(({ plan }) => plan.sortedBy.includes(query.sortBy));
  const matched = isInOrder ? inOrder(walks, query) : sorted(walks, query);
  const isWhole = walks.every(({ walked }) => walked.isWhole);
  const page = matched.slice(start.skip, start.skip + query.limit);
  const passed = start.skip + page.length;
  const total = start.seen + matched.length;
  const answer = {
    items: page.map(({ partition, entry }) => ({ partition, id: entry.id })),
    total,
    isTotalEstimate: !isWhole,
  };
  if (passed < matched.length) {
    const places = isInOrder ? placesAfter(start.places, matched.slice(0, passed)) : start.places;
    const next = isInOrder
      ? { ...start, places, skip: 0, seen: start.seen + passed }
      : { ...start, skip: passed };
    return { ...answer, next };
  }
  const places = start.places.map(
    (place, index) => walks.find(({ partition }) => partition.index === index)?.walked.last ?? place,
  );
  return { ...answer, next: isWhole ? null : { ...start, places, skip: 0, seen: total } };
}

async function walkAll(
  planned: readonly Planned[],
  { filter }: TaskListQuery,
  start: MergedPosition,
): Promise<Walked[]> {
  const walks = planned.map(async ({ partition, plan }) => {
    const place = start.places[partition.index];
    const after = typeof place === "object" ? place : null;
    return plan && { partition, plan, walked: await walk(partition.link, plan, { filter, after }) };
  });
  return (await Promise.all(walks)).filter((one) => one !== null);
}

function inOrder(walks: readonly Walked[], query: TaskListQuery): Matched[] {
  const kind = mergeKindOf(
    walks.map(({ plan }) => plan),
    query,
  );
  const all = walks.flatMap(({ partition, walked }) =>
    walked.found.map((candidate) => {
      const { entry, completedAt, updatedAt } = candidate;
      return {
        partition,
        entry,
        candidate,
        key: kind === "deaths" ? (completedAt ?? updatedAt) : Number(entry.score),
      };
    }),
  );
  return all.sort(inMergedOrder(kind, query.sortOrder));
}

function sorted(walks: readonly Walked[], query: TaskListQuery): Matched[] {
  const owners = new Map(
    walks.flatMap(({ partition, walked }) =>
      walked.found.map((candidate) => [candidate, partition] as const),
    ),
  );
  return sortCandidates([...owners.keys()], query).flatMap((candidate) => {
    const partition = owners.get(candidate);
    return partition ? [{ partition, entry: candidate.entry, candidate, key: 0 }] : [];
  });
}

function mergeKindOf(plans: readonly (ListPlan | null)[], query: TaskListQuery) {
  const plan = plans.find((one) => one !== null);
  return plan ? mergeKind(plan, query) : "scores";
}

function beginAt(place: Place | undefined) {
  return typeof place === "object" ? { after: place } : { offset: place ?? 0 };
}

/** Where each goes on when these were passed. */
function placesAfter(places: readonly Place[], passed: readonly Placed[]): Place[] {
  const after = [...places];
  for (const { partition, entry } of passed) after[partition.index] = entry;
  return after;
}

async function readAll(items: Found["items"], withBodies: boolean): Promise<Task[]> {
  const owners = new Map<Partition, string[]>();
  for (const { partition, id } of items) owners.set(partition, [...(owners.get(partition) ?? []), id]);
  const read = ([{ link, inputs }, ids]: [Partition, string[]]) =>
    withBodies ? readTasks(link, inputs, ids) : readSummaries(link, ids);
  const tasks = new Map((await Promise.all([...owners].map(read))).flat().map((task) => [task.id, task]));
  return items.map(({ id }) => tasks.get(id)).filter((task) => task !== undefined);
}
