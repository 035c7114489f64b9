/** What a worker says of itself. Durations in ms. */
export type WorkerHealth = {
  workerId: string;
  state: "new" | "running" | "draining" | "stopped";
  running: number;
  /** Claimed ahead of a free slot, and not begun. */
  waiting: number;
  concurrency: number;
  freeSlots: number;
  /** Outcomes that the store has not answered yet. */
  unsettled: number;
  completed: number;
  failed: number;
  /** How long ago the claim loop last turned. */
  claimLoopAgeMs: number;
  eventLoopLagMs: number;
};

/** Runs the handlers of a set of task types. Lives once: new → running → draining → stopped. */
export interface Worker {
  /** `host-pid-random`, new with every worker. */
  readonly workerId: string;

  /**
   * Begins to claim and run. Returns at once and never throws: with the store away it goes on trying.
   *
   * Rejections that a handler leaves unhandled are not caught here; what they do to the process is up to it.
   */
  start(): void;

  /**
   * Ends the worker within `graceMs`: no more claims, running attempts may finish, then they are aborted, and
   * what still runs is handed back with no attempt used up. A second call waits for the same drain. With a
   * store that does not answer it may take some 3 s more.
   * @param options.force abort at once what runs, also when a drain is under way already
   */
  drain(options?: { force?: boolean }): Promise<void>;

  health(): WorkerHealth;
}
