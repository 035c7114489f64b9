export type Spread = { median: number; min: number; max: number; runs: number[] };

/** Median and range of a figure over its runs, rounded to three digits or whole numbers. */
export function spread(figures: readonly number[]): Spread {
  const runs = figures.map((figure) => (figure >= 100 ? Math.round(figure) : Number(figure.toPrecision(3))));
  const sorted = runs.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    runs,
  };
}

/** The figure that `share` (0–1) of them do not exceed. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
