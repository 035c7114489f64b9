import {
  type ClaimedTask,
  type ClaimRequest,
  isErrorCode,
  type RetryRatioSettings,
  type TaskLeases,
} from "@workstream/core";
import { Latch } from "../latch.ts";
import type { Slots } from "./slots.ts";

type Parts = {
  store: Pick<TaskLeases, "claim" | "recover">;
  workerId: string;
  leaseMs: number;
  retryRatio: RetryRatioSettings;
  slots: Slots;
  start(task: ClaimedTask): void;
  /** Ids of all tasks that this worker knows it holds. */
  knownIds(): string[];
  /** Free slots, or what is known of the queues, changed. */
  onChange(): void;
};

/** As many as one settlement carries (settler.ts): a longer script would hold Redis for too long. */
const maxClaimed = 250;

/**
 * All claims of one worker, whether they travel alone or with a settlement.
 *
 * A claim whose outcome is unknown may have taken tasks that no one knows of. So after one no claim is made
 * until those under way have ended and `recover` has handed back what the store holds for this worker and the
 * worker does not know.
 */
export class Claims {
  readonly #parts: Parts;
  #underWay = 0;
  #needsRecovery = false;
  #isClosed = false;
  #isDry = false;
  #recovering: Promise<number> | null = null;
  readonly #ended = new Latch();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The last claim left slots empty: what comes next is announced by a wake-up token. */
  get isDry(): boolean {
    return this.#isDry;
  }

  get needsRecovery(): boolean {
    return this.#needsRecovery;
  }

  /** Queues worth waiting for: those from which a task could be taken now. */
  openQueues(): string[] {
    return this.#isClosed ? [] : this.#parts.slots.openQueues();
  }

  /** No more claims, for a drain. Resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parts.onChange();
    while (this.#underWay > 0) await this.#ended.wait(1000);
  }

  /** A wake-up may have come: the next claim finds out. */
  assumeWork(): void {
    this.#isDry = false;
  }

  /** Sets free slots aside and says what to ask for; every request ends in `fulfil` or `fail`. */
  reserve(): ClaimRequest | null {
    if (this.#isClosed || this.#needsRecovery) return null;
    const offer = this.#parts.slots.offer(maxClaimed);
    if (!offer) return null;
    this.#underWay += 1;
    const { workerId, leaseMs, retryRatio } = this.#parts;
    return { workerId, leaseMs, retryRatio, queues: offer.queues, limit: offer.limit };
  }

  fulfil(request: ClaimRequest, tasks: readonly ClaimedTask[]): void {
    this.#end(request);
    this.#isDry = tasks.length < request.limit;
    for (const task of tasks) this.#parts.slots.hold(task.queue);
    for (const task of tasks) this.#parts.start(task);
    this.#parts.onChange();
  }

  fail(request: ClaimRequest, error: unknown): void {
    this.#end(request);
    if (!isErrorCode(error, "store_unavailable", "store_full")) this.#needsRecovery = true;
    this.#parts.onChange();
  }

  /** Slots became free without a claim for them. */
  noteFreed(): void {
    this.#parts.onChange();
  }

  /** Claims by itself, for when there is nothing to settle. Does nothing without a free slot. */
  async claim(): Promise<void> {
    const request = this.reserve();
    if (request) this.fulfil(request, await this.#ask(request));
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
    const released = await this.#parts.store.recover(this.#parts.workerId, this.#parts.knownIds());
    this.#needsRecovery = false;
    this.#isDry = false;
    return released;
  }

  async #ask(request: ClaimRequest): Promise<ClaimedTask[]> {
    try {
      return await this.#parts.store.claim(request);
    } catch (error) {
      this.fail(request, error);
      throw error;
    }
  }

  #end(request: ClaimRequest): void {
    this.#underWay -= 1;
    this.#parts.slots.withdraw(request);
    this.#ended.open();
  }
}
