/**
 * Log-scale histogram of durations: eight buckets to each doubling, so a quantile is off by at most 9 %.
 *
 * Bucket 0 holds everything under 1 ms; bucket n holds durations in [2^((n−1)/8), 2^(n/8)) ms. The scripts compute the
 * same index, so a histogram read from any store means the same.
 */
const bucketsPerDoubling = 8;

export function latencyBucket(ms: number): number {
  return ms < 1 ? 0 : Math.floor(bucketsPerDoubling * Math.log2(ms)) + 1;
}

/** The geometric middle of a bucket in ms. */
export function bucketMs(bucket: number): number {
  return bucket === 0 ? 0.5 : 2 ** ((bucket - 0.5) / bucketsPerDoubling);
}

/** Counts by bucket. */
export type Histogram = ReadonlyMap<number, number>;

/**
 * Nearest-rank quantile of a histogram, in ms; 0 when it is empty.
 * @param q in (0, 1]
 */
export function quantile(histogram: Histogram, q: number): number {
  const buckets = [...histogram].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return 0;
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return bucketMs(bucket);
  }
  return 0;
}
