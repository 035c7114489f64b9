import type { WorkerRegistry } from "@workstream/core";
import type { Service } from "./service-loop.ts";

type Parts = {
  registry: Pick<WorkerRegistry, "onRevoked">;
  workerId: string;
  onRevoked(taskIds: string[]): void;
  /** From now on revocations are heard; those of tasks claimed earlier may have been missed. */
  onSubscribed(): void;
};

const day = 24 * 3_600_000;

/**
 * Learns at once which running tasks were cancelled or deleted. Subscribing is repeated until it works once;
 * what is missed meanwhile the refused extension of the lease tells.
 */
export class Revocations implements Service<void> {
  readonly name = "revocations";
  readonly maxBackoffMs = 5000;
  readonly #parts: Parts;
  #unsubscribe: (() => Promise<void>) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async runOnce(): Promise<void> {
    if (this.#unsubscribe) return;
    const { registry, workerId, onRevoked, onSubscribed } = this.#parts;
    this.#unsubscribe = await registry.onRevoked(workerId, onRevoked);
    onSubscribed();
  }

  /** Once subscribed there is nothing left to do; the adapter keeps the subscription. */
  delayMs(): number {
    return day;
  }

  async close(): Promise<void> {
    await this.#unsubscribe?.();
    this.#unsubscribe = null;
  }
}
