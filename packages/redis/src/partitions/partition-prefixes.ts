/**
 * The prefix of each partition. The first keeps the plain one, so that what is there stays its own. A prefix with a hash tag
 * gets another tag for each further partition, whose slots land in different nodes of a Cluster whose slots are split evenly;
 * without one `p1:`, `p2:` … follow it. The prefix of a partition depends on its index alone: more partitions move nothing.
 */
import { hashSlot, hashTagOf, slotCount } from "./hash-slot.ts";

/** Numbers of nodes over which the partitions are spread, as far as they can be at once. */
const nodeCounts = [2, 3, 4, 5, 6, 8];
/** Slots are looked at in so many pieces. */
const pieces = 120;

export function partitionPrefixes(prefix: string, count: number): string[] {
  const tag = hashTagOf(prefix);
  if (tag === null) {
    return Array.from({ length: count }, (_, index) => (index === 0 ? prefix : `${prefix}p${index}:`));
  }
  const prefixes = [prefix];
  const taken = [hashSlot(prefix)];
  for (let index = 1; index < count; index++) {
    const tagged = tagInPiece(`${tag}.${index}`, emptiestPiece(taken));
    prefixes.push(prefix.replace(`{${tag}}`, () => `{${tagged}}`));
    taken.push(hashSlot(`{${tagged}}`));
  }
  return prefixes;
}

/** The piece whose nodes hold the fewest partitions, whatever the number of nodes; of equals the one furthest from others. */
function emptiestPiece(taken: readonly number[]): number {
  const costs = Array.from({ length: pieces }, (_, piece) => costOf(middleOf(piece), taken));
  return costs.indexOf(Math.min(...costs));
}

function costOf(slot: number, taken: readonly number[]): number {
  const costs = nodeCounts.map((nodes) => {
    const beside = taken.filter((other) => nodeOf(other, nodes) === nodeOf(slot, nodes)).length;
    const isTooMany = beside > Math.floor(taken.length / nodes);
    // As many nodes as there will be partitions is what people run; then what can be helped with other numbers.
    return (isTooMany ? weightOf(nodes, taken.length + 1) : 0) + beside;
  });
  const nearest = Math.min(...taken.map((other) => Math.abs(other - slot)));
  return costs.reduce((sum, cost) => sum + cost, 0) - nearest / slotCount;
}

function weightOf(nodes: number, partitions: number): number {
  if (nodes === partitions) return 10_000;
  return nodes === partitions + 1 ? 1_000 : 50;
}

function nodeOf(slot: number, nodes: number): number {
  return Math.floor((slot * nodes) / slotCount);
}

function middleOf(piece: number): number {
  return ((piece + 0.5) * slotCount) / pieces;
}

/** The first of `{stem}a`, `{stem}b` … whose slot is in this piece. */
function tagInPiece(stem: string, piece: number): string {
  for (let tries = 0; ; tries++) {
    const tag = tries === 0 ? stem : `${stem}-${tries.toString(36)}`;
    if (Math.floor((hashSlot(`{${tag}}`) * pieces) / slotCount) === piece) return tag;
  }
}
