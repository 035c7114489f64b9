/** Pages for which candidates are walked, up to 2,000 in each partition a call. */
import type { TaskListQuery } from "@workstream/core";
import type { ListPlan } from "../list-plan.ts";
import type { Entry } from "../list-source.ts";
import { type Candidate, sortCandidates, type Walk, walk } from "../list-walk.ts";
import type { MergedPosition } from "./merged-cursor.ts";
import { inMergedOrder, type MergeKind, type Placed } from "./merged-order.ts";
import { type FoundPage, itemOf, mergeKindOf, type Planned, placesAfter } from "./merged-page.ts";
import type { Partition } from "./partition-set.ts";

/** `isBeyond`: it walked further than another one, which has more. */
type Walked = { partition: Partition; plan: ListPlan; walked: Walk; isBeyond: boolean };

export async function walkedPage(
  planned: readonly Planned[],
  query: TaskListQuery,
  start: MergedPosition,
): Promise<FoundPage> {
  const plans = planned.map(({ plan }) => plan);
  const kind = mergeKindOf(plans, query);
  const isInOrder = plans.every((plan) => plan === null || plan.sortedBy.includes(query.sortBy));
  const all = await walkAll(planned, query, { start, kind });
  const walks = isInOrder && kind !== "deaths" ? upToHorizon(all, inMergedOrder(kind, query.sortOrder)) : all;
  const matched = isInOrder ? inOrder(walks, kind, query) : sorted(walks, query);
  const page = matched.slice(start.skip, start.skip + query.limit);
  const passed = start.skip + page.length;
  const isWhole = walks.every(({ walked }) => walked.isWhole);
  const answer = { items: page.map(itemOf), total: start.seen + matched.length, isTotalEstimate: !isWhole };
  if (passed < matched.length) {
    const places = placesAfter(start.places, matched.slice(0, passed));
    const after = { ...start, places, skip: 0, seen: start.seen + passed };
    return { ...answer, next: isInOrder ? after : { ...start, skip: passed } };
  }
  return { ...answer, next: isWhole ? null : beyond(walks, matched, start) };
}

/** Whoever walked beyond the others goes on after what was given out of it. */
function beyond(walks: readonly Walked[], matched: readonly Placed[], start: MergedPosition): MergedPosition {
  const places = placesAfter(start.places, matched);
  for (const { partition, walked, isBeyond } of walks) {
    if (!isBeyond && walked.last) places[partition.index] = walked.last;
  }
  return { ...start, places, skip: 0, seen: start.seen + matched.length };
}

async function walkAll(
  planned: readonly Planned[],
  query: TaskListQuery,
  { start, kind }: { start: MergedPosition; kind: MergeKind },
): Promise<Walked[]> {
  const alsoTold = kind === "deaths" ? (["completed_at", "updated_at"] as const) : [];
  const walks = planned.map(async ({ partition, plan }): Promise<Walked | null> => {
    const place = start.places[partition.index];
    const after = typeof place === "object" ? place : null;
    if (plan === null) return null;
    const walked = await walk(partition.link, plan, { query, after, alsoTold });
    return { partition, plan, walked, isBeyond: false };
  });
  return (await Promise.all(walks)).filter((one) => one !== null);
}

/** What lies beyond the end of a walk that has more may come after what that one finds next: it is left for the next page. */
function upToHorizon(walks: readonly Walked[], compare: (a: Placed, b: Placed) => number): Walked[] {
  const ends = walks.flatMap(({ partition, walked: { last, isWhole } }) =>
    isWhole || !last ? [] : [at(partition, last)],
  );
  const [horizon] = ends.sort(compare);
  if (!horizon) return [...walks];
  return walks.map((one) => {
    const { partition, walked } = one;
    const isWithin = (entry: Entry) => compare(at(partition, entry), horizon) <= 0;
    if (!walked.last || isWithin(walked.last)) return one;
    const found = walked.found.filter(({ entry }) => isWithin(entry));
    return { ...one, walked: { ...walked, found, isWhole: false }, isBeyond: true };
  });
}

function at(partition: Partition, entry: Entry): Placed {
  return { partition, entry, key: Number(entry.score) };
}

function inOrder(walks: readonly Walked[], kind: MergeKind, { sortOrder }: TaskListQuery): Placed[] {
  const keyOf = ({ entry, completedAt, updatedAt }: Candidate) =>
    kind === "deaths" ? (completedAt ?? updatedAt) : Number(entry.score);
  return walks
    .flatMap(({ partition, walked }) =>
      walked.found.map((candidate) => ({ partition, entry: candidate.entry, key: keyOf(candidate) })),
    )
    .sort(inMergedOrder(kind, sortOrder));
}

function sorted(walks: readonly Walked[], query: TaskListQuery): Placed[] {
  const owners = new Map(
    walks.flatMap(({ partition, walked }) =>
      walked.found.map((candidate) => [candidate, partition] as const),
    ),
  );
  return sortCandidates([...owners.keys()], query).flatMap((candidate) => {
    const partition = owners.get(candidate);
    return partition ? [at(partition, candidate.entry)] : [];
  });
}
