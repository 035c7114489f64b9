import type { WorkerBeat, WorkerRegistry } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { Service } from "./service-loop.ts";

/** A worker counts as stale after 30 s without a beat. */
const intervalMs = 6000;

/** Announces the worker, with the figures that its last words are made of should it be lost. */
export class Heartbeat implements Service<void> {
  readonly name = "heartbeat";
  readonly maxBackoffMs = intervalMs;
  readonly #registry: Pick<WorkerRegistry, "beat">;
  readonly #beat: () => WorkerBeat;

  constructor(registry: Pick<WorkerRegistry, "beat">, beat: () => WorkerBeat) {
    this.#registry = registry;
    this.#beat = beat;
  }

  runOnce(): Promise<void> {
    return this.#registry.beat(this.#beat());
  }

  delayMs(): number {
    return jittered(intervalMs, 0.15);
  }
}
