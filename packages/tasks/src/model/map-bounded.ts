/**
 * Runs at most `limit` at a time, in order; answers in order.
 *
 * The first fault lets nothing more begin, and is thrown when what had begun is over: those calls are paid for, and
 * what they bring is worth keeping.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const faults: unknown[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && faults.length === 0) {
      const index = next++;
      try {
        results[index] = await run(items[index]!, index);
      } catch (fault) {
        faults.push(fault);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (faults.length > 0) throw faults[0];
  return results;
}
