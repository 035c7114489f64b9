import type { CommitQueue } from "./commit-queue.ts";

/** Holds what is condemned. `sweep` removes some of it, a few ms long, and answers whether it did or more is left. */
type Swept = { sweep(): boolean };

/**
 * Removes the bytes of what was deleted in the background, a little in each transaction.
 *
 * What is left when the process ends is swept after the next start. A failure stops the sweep until the next kick:
 * nothing but disk space depends on it.
 */
export class Sweeper {
  readonly #commits: CommitQueue;
  readonly #swept: readonly Swept[];
  #isSweeping = false;
  #isWanted = false;

  constructor(commits: CommitQueue, swept: readonly Swept[]) {
    this.#commits = commits;
    this.#swept = swept;
  }

  kick(): void {
    this.#isWanted = true;
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#sweep().catch(() => {});
  }

  async #sweep(): Promise<void> {
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        while (await this.#commits.write(() => this.#swept.some((table) => table.sweep()))) {}
      }
    } finally {
      // In the same turn as the last look at #isWanted: a kick in between would be lost.
      this.#isSweeping = false;
    }
  }
}
