import {
  type ClaimedTask,
  type ClaimRequest,
  isErrorCode,
  type Lease,
  type RetryRatioSettings,
  type TaskLeases,
} from "@workstream/core";
import { Latch } from "../latch.ts";
import type { SlotOffer, Slots } from "./slots.ts";

type Parts = {
  store: Pick<TaskLeases, "claim" | "claimAfterWait" | "recover">;
  workerId: string;
  leaseMs: number;
  retryRatio: RetryRatioSettings;
  slots: Slots;
  start(task: ClaimedTask): void;
  /** The leases of all tasks that this worker knows it holds. */
  knownLeases(): readonly Lease[];
  /** Free slots, or what is known of the queues, changed. */
  onChange(): void;
};

export type ClaimWait = { timeoutMs: number; signal: AbortSignal };

/** One that comes alone then tells that nothing is left behind it. */
const mostBesideOthers = 2;
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

  /** Whether a claim that waits for work on these queues should wait on. */
  isWorthWaiting(queues: readonly string[]): boolean {
    if (this.#isClosed || this.#needsRecovery) return false;
    return this.openQueues().every((queue) => queues.includes(queue));
  }

  /** No more claims, for a drain. Resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parts.onChange();
    while (this.#underWay > 0) await this.#ended.wait(1000);
  }

  /** Sets slots aside and says what to ask for; every request ends in `fulfil` or `fail`. */
  reserve(): ClaimRequest | null {
    return this.#reserve((slots) => slots.offer(maxClaimed));
  }

  #reserve(offerOf: (slots: Slots) => SlotOffer | null): ClaimRequest | null {
    if (this.#isClosed || this.#needsRecovery) return null;
    const offer = offerOf(this.#parts.slots);
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
    this.#isDry = false;
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
    if (request) this.fulfil(request, await this.#ask(request, (store) => store.claim(request)));
  }

  /**
   * Waits for work and claims it, for when the last claim found too little. While something runs here it asks for
   * two at most: a handler may hold the event loop, and what is claimed meanwhile waits for it.
   */
  async claimAfterWait(wait: (queues: readonly string[]) => ClaimWait): Promise<void> {
    const isIdle = this.#parts.slots.engaged <= 0;
    const request = this.#reserve((slots) => slots.offerFree(isIdle ? maxClaimed : mostBesideOthers));
    if (!request) return;
    const { timeoutMs, signal } = wait(Object.keys(request.queues));
    const ask = this.#ask(request, (store) => store.claimAfterWait(request, timeoutMs, signal));
    this.fulfil(request, await ask);
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
    this.#isDry = false;
    return released;
  }

  async #ask(
    request: ClaimRequest,
    send: (store: Parts["store"]) => Promise<ClaimedTask[]>,
  ): Promise<ClaimedTask[]> {
    try {
      return await send(this.#parts.store);
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
