/**
 * How an offset of the merged list is shared out: how many entries of each partition come before it. Never by walking: in sorted sets
 * the score at the offset is bisected with counts, in lists the index. What is left over has that very score, and is read.
 */
import type { ListPlan } from "../list-plan.ts";
import { ListsSource, type Order, ZsetSource } from "../list-source.ts";

/** Where each partition begins, and how many of what follows still come before the offset. */
export type Split = { offsets: number[]; rest: number };

/** Up to here it is cheaper to read what is passed. */
const readUpTo = 500;

export async function splitOffset(
  plans: readonly (ListPlan | null)[],
  offset: number,
  order: Order,
): Promise<Split> {
  const none = { offsets: plans.map(() => 0), rest: offset };
  if (offset <= readUpTo) return none;
  const sources = plans.map((plan) => plan?.source ?? null);
  const zsets = sources.filter((source) => source instanceof ZsetSource);
  const isSorted = zsets.length === sources.filter((source) => source !== null).length;
  const counts = isSorted
    ? await scoreCounts(zsets, offset, order)
    : await indexCounts(sources, offset, order);
  const offsets = isSorted ? sources.map((source) => (source === null ? 0 : (counts.shift() ?? 0))) : counts;
  return { offsets, rest: offset - sum(offsets) };
}

/** Entries before the highest score that leaves no more than `offset` before it. */
async function scoreCounts(sources: readonly ZsetSource[], offset: number, order: Order): Promise<number[]> {
  const ends = await Promise.all(sources.map(scoresOfEnds));
  const scores = ends.flat();
  const at = (score: number) => Promise.all(sources.map((source) => source.countBefore(score)));
  const total = sum(
    await Promise.all(sources.map(async (source) => (await source.page({ offset: 0 }, 0)).total)),
  );
  if (scores.length === 0 || offset >= total)
    return Promise.all(sources.map(async (source) => (await source.page({ offset: 0 }, 0)).total));
  const sign = order === "asc" ? 1 : -1;
  // Of scores in this order the last one that has at most `offset` entries before it.
  let low = Math.min(...scores.map((score) => sign * score));
  let high = Math.max(...scores.map((score) => sign * score));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(await at(sign * middle)) <= offset) low = middle;
    else high = middle - 1;
  }
  return at(sign * low);
}

async function scoresOfEnds(source: ZsetSource): Promise<number[]> {
  const { total, entries: first } = await source.page({ offset: 0 }, 1);
  const { entries: last } = await source.page({ offset: Math.max(0, total - 1) }, 1);
  return [...first, ...last].map(({ score }) => Math.round(Number(score)));
}

/** List after list; within one, entries of the same index take turns. */
async function indexCounts(
  sources: readonly (ListPlan["source"] | null)[],
  offset: number,
  order: Order,
): Promise<number[]> {
  const depths = await Promise.all(
    sources.map((source) => (source instanceof ListsSource ? source.depths() : Promise.resolve([]))),
  );
  const counts = sources.map(() => 0);
  const lists = Math.max(0, ...depths.map((own) => own.length));
  let left = offset;
  for (let list = 0; list < lists; list++) {
    const own = depths.map((depth) => depth[list] ?? 0);
    const part = sum(own) <= left ? own : partOf(own, left, order);
    part.forEach((count, index) => {
      counts[index] = (counts[index] ?? 0) + count;
    });
    left -= sum(part);
    if (sum(part) < sum(own)) break;
  }
  return counts;
}

/** Forwards each gives as many; backwards each gives what it has above an index. */
function partOf(depths: readonly number[], offset: number, order: Order): number[] {
  const at = (level: number) =>
    depths.map((depth) => (order === "asc" ? Math.min(depth, level) : Math.max(0, depth - level)));
  const longest = Math.max(...depths);
  let [low, high] = [0, longest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const level = order === "asc" ? middle : longest - middle;
    if (sum(at(level)) <= offset) low = middle;
    else high = middle - 1;
  }
  return at(order === "asc" ? low : longest - low);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
