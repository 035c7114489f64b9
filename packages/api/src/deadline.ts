/** The value of `work`, or `fallback` when it fails or takes longer than `limitMs`. The work itself is not stopped. */
export async function withDeadline<T, F>(work: Promise<T>, limitMs: number, fallback: F): Promise<T | F> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<F>((resolve) => {
    timer = setTimeout(() => resolve(fallback), limitMs);
  });
  try {
    return await Promise.race([work.catch(() => fallback), late]);
  } finally {
    clearTimeout(timer);
  }
}
