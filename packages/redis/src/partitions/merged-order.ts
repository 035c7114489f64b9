/**
 * The order of a list over all partitions. Of sorted sets it is that of one set: by score, then id. Lists have no times, so
 * entries at the same index take turns; dead letters are put in order by their time of death.
 */
import type { TaskListQuery } from "@workstream/core";
import type { ListPlan } from "../list-plan.ts";
import { type Entry, ListsSource, type Order } from "../list-source.ts";
import { readFields } from "../task-reader.ts";
import type { Partition } from "./partition-set.ts";

/** An entry of one partition; `key` says where it stands among those of the others. */
export type Placed = { partition: Partition; entry: Entry; key: number };

export type MergeKind = "scores" | "indexes" | "deaths";

export function mergeKind({ source }: ListPlan, { filter }: TaskListQuery): MergeKind {
  if (!(source instanceof ListsSource)) return "scores";
  const isDead = filter.state === "DLQ" || filter.queue === "dlq" || filter.errorGroup !== undefined;
  return isDead ? "deaths" : "indexes";
}

export async function placed(
  kind: MergeKind,
  partition: Partition,
  entries: readonly Entry[],
): Promise<Placed[]> {
  if (kind !== "deaths") return entries.map((entry) => ({ partition, entry, key: Number(entry.score) }));
  const ids = entries.map(({ id }) => id);
  const hashes = await readFields(partition.link, ids, ["completed_at", "updated_at"]);
  return entries.map((entry, index) => {
    const { completed_at: diedAt, updated_at: changedAt } = hashes[index] ?? {};
    return { partition, entry, key: Number(diedAt ?? changedAt ?? 0) };
  });
}

export function inMergedOrder(kind: MergeKind, order: Order): (a: Placed, b: Placed) => number {
  const sign = order === "asc" ? 1 : -1;
  return (a, b) => {
    const [left, right] = [a.entry, b.entry];
    if (kind === "indexes" && left.list !== right.list) return left.list - right.list;
    if (a.key !== b.key) return sign * (a.key - b.key);
    if (kind !== "scores") return sign * (a.partition.index - b.partition.index);
    return left.id === right.id ? 0 : sign * (left.id < right.id ? -1 : 1);
  };
}
