import type { OutputEntry } from "@workstream/core";

type Listener = (entries: OutputEntry[]) => void;

/** Tells listeners in this process what the attempts of a task say. Nothing is ever missed. */
export class OutputHub {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** The answer ends it. */
  listen(taskId: string, listener: Listener): () => void {
    const own: Listener = (entries) => listener(entries);
    const listeners = this.#listeners.get(taskId) ?? new Set();
    this.#listeners.set(taskId, listeners.add(own));
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(taskId) === listeners) this.#listeners.delete(taskId);
    };
  }

  /** A listener that throws does so on its own, not in the store. */
  tell(taskId: string, entries: readonly OutputEntry[]): void {
    for (const listener of this.#listeners.get(taskId) ?? []) queueMicrotask(() => listener([...entries]));
  }

  close(): void {
    this.#listeners.clear();
  }
}
