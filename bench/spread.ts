export type Spread = { median: number; min: number; max: number; runs: number[] };

/** Median and range of a figure over its runs, rounded to whole numbers when they are large. */
export function spread(figures: readonly number[]): Spread {
  const runs = figures.map((figure) => (figure > 100 ? Math.round(figure) : Number(figure.toFixed(2))));
  const sorted = [...runs].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    runs,
  };
}
