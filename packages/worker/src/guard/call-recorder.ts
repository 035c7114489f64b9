import type { BreakerState, CallRecord, GuardPolicy, ServiceGuards } from "@workstream/core";
import { backoffMs } from "../backoff.ts";
import type { Logger } from "../logger.ts";
import { LoopBatch } from "./loop-batch.ts";

type Parts = {
  guards: Pick<ServiceGuards, "record">;
  policy: GuardPolicy;
  logger: Logger;
  onBreaker(state: BreakerState): void;
};

const maxBatch = 250;
/** Over about 6 s: longer outages show themselves in other ways, and the records of a busy worker add up. */
const maxTries = 6;
const retryBackoff = { firstMs: 200, capMs: 3000 };

/**
 * Notes how calls ended, those of one turn of the event loop together. Nobody waits for it: a record that the store
 * does not take is tried again and at last logged. One whose outcome is unknown may count twice.
 */
export class CallRecorder {
  readonly #parts: Parts;
  readonly #batch = new LoopBatch<CallRecord>({ size: maxBatch, send: (calls) => this.#record(calls) });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(call: CallRecord): void {
    this.#batch.add(call);
  }

  /** Resolves when every call was recorded, or could not be. */
  idle(): Promise<void> {
    return this.#batch.idle();
  }

  async #record(calls: readonly CallRecord[]): Promise<void> {
    const { guards, policy, onBreaker, logger } = this.#parts;
    for (let failures = 1; ; failures += 1) {
      try {
        onBreaker(await guards.record(policy, calls));
        return;
      } catch (error) {
        const facts = { err: error, service: policy.service, calls: calls.length, failures };
        if (failures >= maxTries) {
          logger.error(facts, "calls were not recorded: the breaker and the day's metrics miss them");
          return;
        }
        logger.debug(facts, "recording calls failed; it is repeated");
        await new Promise((resolve) => setTimeout(resolve, backoffMs(retryBackoff, failures)));
      }
    }
  }
}
