/**
 * Lets one side wait until another says that something changed.
 *
 * `open` lets everyone through who waits now; whoever comes later waits for the next time. So a waiter checks
 * its condition, waits, and checks again.
 */
export class Latch {
  #waiting = new Set<() => void>();

  open(): void {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Set();
    for (const pass of waiting) pass();
  }

  /** Resolves true when opened, false after `timeoutMs`. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const pass = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(pass);
        resolve(false);
      }, timeoutMs);
      this.#waiting.add(pass);
    });
  }
}
