/** Looks ten times a second at what is resident; the answer tells the most since it was last asked, bytes. */
export function watchMemory(): () => number {
  let most = process.memoryUsage.rss();
  setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 100).unref();
  return () => {
    const found = most;
    most = process.memoryUsage.rss();
    return found;
  };
}
