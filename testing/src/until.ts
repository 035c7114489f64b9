/**
 * Resolves with the first answer of `look` that is not undefined, false or null. Only for what gives no signal; poll
 * every `everyMs`.
 * @throws after `timeoutMs`, naming `what` was waited for
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 10 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) {
      return found as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
