import type { Lease } from "./lease.ts";

/** What an attempt says while it runs. `reset` stands at the beginning of each attempt that says something. */
export type NewOutput = { kind: "output" | "reset"; text: string };
/** `number` grows by 1 within a task, from 1, across its attempts. `at` is epoch ms on the store's clock. */
export type OutputEntry = NewOutput & { number: number; at: number };

/**
 * The stored, capped log of a task's partial output. It goes with its task, else 7 days after its last entry; then
 * numbers begin at 1 again.
 */
export interface TaskOutputs {
  /**
   * Appends under the lease. A long text becomes several entries, of at most 10,000 UTF-16 units each. The oldest
   * entries give way beyond 1,000 entries or 256 kB of text.
   *
   * What is said is worth less than what is done: no error of this ends an attempt.
   * @throws store_full: what is left of `entries` was not stored · store_unavailable · outcome_unknown: it may have
   * been; repeating it could say it twice
   */
  append(workerId: string, lease: Lease, entries: readonly NewOutput[]): Promise<"appended" | "lease_lost">;

  /** Entries with a number over `after`, oldest first; none for an unknown task. */
  read(taskId: string, after: number): Promise<OutputEntry[]>;

  /**
   * New entries until `close`, in order: subscribe first, then read, then drop what was read. `onGap` tells that some
   * may have been missed: read from the last number on.
   */
  subscribe(
    taskId: string,
    listener: { onEntries(entries: OutputEntry[]): void; onGap(): void },
  ): Promise<{ close(): Promise<void> }>;
}

export const maxOutputEntries = 1_000;
export const maxOutputBytes = 256 * 1024;
export const outputKeptMs = 7 * 24 * 3_600_000;
