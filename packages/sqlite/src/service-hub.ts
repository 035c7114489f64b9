import type { ServiceEvent, ServiceGuards } from "@workstream/core";

type Listener = Parameters<ServiceGuards["subscribe"]>[0];

/** Tells listeners in this process what each commit changed of a service. Nothing is ever missed. */
export class ServiceHub {
  readonly #listeners = new Set<Pick<Listener, "onEvent">>();

  /** The answer ends it. */
  listen(listener: Listener): () => void {
    const own = { onEvent: (event: ServiceEvent) => listener.onEvent(event) };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** A listener that throws does so on its own, not in the store. */
  tell(events: readonly ServiceEvent[]): void {
    for (const { onEvent } of this.#listeners) {
      for (const event of events) queueMicrotask(() => onEvent(event));
    }
  }

  close(): void {
    this.#listeners.clear();
  }
}
