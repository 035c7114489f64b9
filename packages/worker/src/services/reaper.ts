import type { ReapSettings, TaskUpkeep } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { Logger } from "../logger.ts";
import type { Service } from "./service-loop.ts";

export type ReapCounts = Awaited<ReturnType<TaskUpkeep["reap"]>>;

type Parts = {
  store: Pick<TaskUpkeep, "reap">;
  settings: Pick<ReapSettings, "leaseMs" | "maxLostWorkers">;
  logger: Logger;
};

const chunk = 250;
/**
 * After 5 s without a run anywhere the store thinks that there was an outage, and reaps nothing for a lease
 * length.
 */
const intervalMs = 1500;

/** Takes back the tasks of workers that stopped extending their leases. */
export class Reaper implements Service<ReapCounts> {
  readonly name = "reaper";
  readonly maxBackoffMs = 3000;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async runOnce(): Promise<ReapCounts> {
    const { store, settings, logger } = this.#parts;
    const counts = await store.reap({ ...settings, limit: chunk });
    const { requeued, buried } = counts;
    if (requeued + buried > 0) logger.warn({ requeued, buried }, "took back the tasks of lost workers");
    return counts;
  }

  delayMs({ requeued, buried }: ReapCounts): number {
    return requeued + buried >= chunk ? 10 : jittered(intervalMs, 0.2);
  }
}
