import type { CommitQueue } from "./commit-queue.ts";
import type { InputTable } from "./input-table.ts";

/**
 * Removes the bytes of deleted tasks in the background, a little in each transaction.
 *
 * What is left when the process ends is swept after the next start. A failure stops the sweep until the next kick:
 * nothing but disk space depends on it.
 */
export class InputSweeper {
  readonly #commits: CommitQueue;
  readonly #inputs: InputTable;
  #isSweeping = false;
  #isWanted = false;

  constructor(commits: CommitQueue, inputs: InputTable) {
    this.#commits = commits;
    this.#inputs = inputs;
  }

  kick(): void {
    this.#isWanted = true;
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#sweep()
      .catch(() => {})
      .finally(() => {
        this.#isSweeping = false;
      });
  }

  async #sweep(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      while (await this.#commits.write(() => this.#inputs.sweep())) {}
    }
  }
}
