/** Calls back with the rate (a second) once `total` tasks are done, counted from the moment a tenth of them was. */
export function stopwatch(total: number, onDone: (rate: number) => void): () => void {
  const warmUp = Math.floor(total / 10);
  let done = 0;
  let startedAt = 0;
  return () => {
    done += 1;
    if (done === warmUp) startedAt = performance.now();
    if (done === total) onDone(((total - warmUp) / (performance.now() - startedAt)) * 1000);
  };
}
