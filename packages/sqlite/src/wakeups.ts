import { wakeKey } from "./places.ts";

type Waiter = { keys: readonly string[]; wake(): void };

/**
 * Wake-up tokens, at most one for each wake list. A token goes to whoever waits longest on its list; with nobody
 * waiting it stays for the next who comes. It is a hint: every return from a wait is followed by a claim.
 */
export class Wakeups {
  readonly #tokens = new Set<string>();
  readonly #waiters = new Set<Waiter>();

  /**
   * For whoever waits on the queue and then, where there is work of high priority, for whoever waits on that lane alone: the
   * second kind of worker is busy with something, the first may be idle.
   */
  push(queue: string, hasHigh = false): void {
    this.#push(wakeKey(queue));
    if (hasHigh) this.#push(wakeKey(queue, "high"));
  }

  #push(key: string): void {
    const waiter = [...this.#waiters].find(({ keys }) => keys.includes(key));
    if (waiter) waiter.wake();
    else this.#tokens.add(key);
  }

  /** Resolves at a token for one of `queues`, or for the given lane of one, after `timeoutMs`, or when `signal` aborts. */
  wait(queues: readonly string[], timeoutMs: number, signal: AbortSignal, lane?: "high"): Promise<void> {
    const keys = queues.map((queue) => wakeKey(queue, lane));
    const token = signal.aborted ? undefined : keys.find((key) => this.#tokens.has(key));
    if (token !== undefined) this.#tokens.delete(token);
    if (signal.aborted || token !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = {
        keys,
        wake: () => {
          this.#waiters.delete(waiter);
          clearTimeout(timer);
          signal.removeEventListener("abort", waiter.wake);
          resolve();
        },
      };
      const timer = setTimeout(waiter.wake, timeoutMs);
      signal.addEventListener("abort", waiter.wake, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Ends every wait. */
  close(): void {
    for (const waiter of [...this.#waiters]) waiter.wake();
  }
}
