/** Reads at most once in `forMs`, however many ask; all that come in between get what was read. */
export function recentValue<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { value: Promise<T>; readAt: number } | null = null;
  return () => {
    const now = performance.now();
    if (last === null || now - last.readAt >= forMs) last = { value: read(), readAt: now };
    return last.value;
  };
}
