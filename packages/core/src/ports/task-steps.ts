import type { Lease } from "./lease.ts";

/** Results of parts of a task, remembered for its next attempt. They go with the task, else 7 days after the last one. */
export interface TaskSteps {
  /** Every step that was remembered, by name. */
  read(taskId: string): Promise<Map<string, string>>;

  /**
   * Remembers one under the lease; the same name again replaces it. `full`: the steps of one task, names and values,
   * hold at most 16 MB; nothing was written. Repeating it after an unknown outcome does no harm.
   *
   * A step that is not remembered is only done again by the next attempt: no error of this ends the one that runs.
   * @throws store_full: it was not stored · invalid_input for an empty name
   */
  write(
    workerId: string,
    lease: Lease,
    step: { name: string; value: string },
  ): Promise<"written" | "lease_lost" | "full">;

  /** At the end of a task that completed. */
  forget(taskId: string): Promise<void>;
}

export const maxStepsBytes = 16 * 1024 * 1024;
export const stepsKeptMs = 7 * 24 * 3_600_000;
