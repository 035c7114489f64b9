/** What reading one page over several partitions works with. */
import type { TaskListQuery } from "@workstream/core";
import type { ListPlan } from "../list-plan.ts";
import type { MergedPosition, Place } from "./merged-cursor.ts";
import { type MergeKind, mergeKind, type Placed } from "./merged-order.ts";
import type { Partition } from "./partition-set.ts";

export type Planned = { partition: Partition; plan: ListPlan | null };

/** One page of ids and where each is, and how to go on. */
export type FoundPage = {
  items: { partition: Partition; id: string }[];
  total: number;
  isTotalEstimate: boolean;
  next: MergedPosition | null;
};

export function mergeKindOf(plans: readonly (ListPlan | null)[], query: TaskListQuery): MergeKind {
  const plan = plans.find((one) => one !== null);
  return plan ? mergeKind(plan, query) : "scores";
}

/** Where each goes on when these were passed. */
export function placesAfter(places: readonly Place[], passed: readonly Placed[]): Place[] {
  const after = [...places];
  for (const { partition, entry } of passed) after[partition.index] = entry;
  return after;
}

export function itemOf({ partition, entry }: Placed): { partition: Partition; id: string } {
  return { partition, id: entry.id };
}
