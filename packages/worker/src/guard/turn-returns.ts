import type { GuardPolicy, ServiceGuards } from "@workstream/core";
import type { Logger } from "../logger.ts";
import { LoopBatch } from "./loop-batch.ts";
import type { TurnPlace } from "./turn-place.ts";

type Parts = { guards: Pick<ServiceGuards, "cancel">; policy: GuardPolicy; logger: Logger };

const maxBatch = 250;

/**
 * Gives places back to the store, latest first: only what nothing was reserved after can be had by others.
 * A place that the store does not take back goes unused.
 */
export class TurnReturns {
  readonly #parts: Parts;
  readonly #batch = new LoopBatch<TurnPlace>({ size: maxBatch, send: (places) => this.#cancel(places) });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(place: TurnPlace): void {
    this.#batch.add(place);
  }

  idle(): Promise<void> {
    return this.#batch.idle();
  }

  async #cancel(places: TurnPlace[]): Promise<void> {
    const { guards, policy, logger } = this.#parts;
    const turns = places.sort((a, b) => b.number - a.number).map(({ turn }) => turn);
    try {
      await guards.cancel(policy, turns);
    } catch (error) {
      const facts = { err: error, service: policy.service, turns: turns.length };
      logger.debug(facts, "turns could not be given back; they go unused");
    }
  }
}
