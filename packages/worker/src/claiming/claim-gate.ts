import type { Lease, TaskLeases } from "@workstream/core";
import { Latch } from "../latch.ts";
import type { Logger } from "../logger.ts";

type Parts = {
  store: Pick<TaskLeases, "recover">;
  workerId: string;
  /** The leases of all tasks that this worker knows it holds. */
  knownLeases(): readonly Lease[];
  onClosed(): void;
  logger: Logger;
};

/**
 * What the claims of one worker have in common, whichever slots they are for.
 *
 * A claim whose outcome is unknown may have taken tasks that no one knows of. So after one no claim is made
 * until those under way have ended and `recover` has handed back what the store holds for this worker and the
 * worker does not know.
 */
export class ClaimGate {
  readonly #parts: Parts;
  #underWay = 0;
  #needsRecovery = false;
  #isClosed = false;
  #recovering: Promise<number> | null = null;
  readonly #ended = new Latch();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get needsRecovery(): boolean {
    return this.#needsRecovery;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A claim may be made now. */
  get isOpen(): boolean {
    return !this.#isClosed && !this.#needsRecovery;
  }

  /** A claim is made; `leave` follows in every case. */
  enter(): void {
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
    this.#ended.open();
  }

  noteUnknown(): void {
    this.#needsRecovery = true;
  }

  /** No more claims, for a drain. Resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parts.onClosed();
    while (this.#underWay > 0) await this.#ended.wait(1000);
  }

  /** Hands back what claims with an unknown outcome took, and answers how many; then claims go on. */
  recover(): Promise<number> {
    this.#recovering ??= this.#recover().finally(() => {
      this.#recovering = null;
    });
    return this.#recovering;
  }

  async #recover(): Promise<number> {
    while (this.#underWay > 0) await this.#ended.wait(1000);
    const released = await this.#parts.store.recover(this.#parts.workerId, this.#parts.knownLeases());
    this.#needsRecovery = false;
    const { logger } = this.#parts;
    if (released > 0) logger.info({ released }, "handed back tasks of a claim whose answer was lost");
    return released;
  }
}
