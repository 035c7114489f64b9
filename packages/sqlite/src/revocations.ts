type Listener = (taskIds: string[]) => void;

/** Tells workers of this process which of their leases were revoked. */
export class Revocations {
  readonly #listeners = new Map<string, Set<Listener>>();

  listen(workerId: string, listener: Listener): () => Promise<void> {
    const listeners = this.#listeners.get(workerId) ?? new Set();
    this.#listeners.set(workerId, listeners.add(listener));
    return async () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(workerId) === listeners)
        this.#listeners.delete(workerId);
    };
  }

  tell(revoked: ReadonlyMap<string, string[]>): void {
    for (const [workerId, ids] of revoked) {
      for (const listener of this.#listeners.get(workerId) ?? []) queueMicrotask(() => listener([...ids]));
    }
  }
}
