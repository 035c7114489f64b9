import {
  type ClaimedTask,
  type ClaimRequest,
  isErrorCode,
  type RetryRatioSettings,
  type TaskLeases,
} from "@workstream/core";
import type { ClaimGate } from "./claim-gate.ts";
import type { SlotOffer, Slots } from "./slots.ts";

export type ClaimsParts = {
  gate: ClaimGate;
  store: Pick<TaskLeases, "claim" | "claimAfterWait">;
  workerId: string;
  leaseMs: number;
  retryRatio: RetryRatioSettings;
  slots: Slots;
  /** They take from this lane alone. */
  lane?: "high";
  start(tasks: readonly ClaimedTask[]): void;
  /** The worker holds nothing. */
  isIdle(): boolean;
  /** Whether they should begin to wait: not those for kept slots while another slot is free, for which all is claimed. */
  isNeeded(): boolean;
  /** Free slots, or what is known of the queues, changed. */
  onChange(): void;
};

export type ClaimWait = { timeoutMs: number; signal: AbortSignal };

/** One that comes alone then tells that nothing is left behind it. */
const mostBesideOthers = 2;
/** As many as one settlement carries (settler.ts): a longer script would hold Redis for too long. */
const maxClaimed = 250;

/** The claims that fill some slots of a worker, whether they travel alone or with a settlement. */
export class Claims {
  readonly #parts: ClaimsParts;
  #isDry = false;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /**
   * What comes next is announced by a wake-up token: the last claim left slots empty, or was for one lane, of which it
   * announced what it left.
   */
  get isDry(): boolean {
    return this.#isDry;
  }

  get needsRecovery(): boolean {
    return this.#parts.gate.needsRecovery;
  }

  /** Queues worth waiting for: those from which a task could be taken now. */
  openQueues(): string[] {
    const { gate, slots, isNeeded } = this.#parts;
    return gate.isClosed || !isNeeded() ? [] : slots.openQueues();
  }

  /** Whether a claim that waits for work on these queues should wait on. */
  isWorthWaiting(queues: readonly string[]): boolean {
    if (!this.#parts.gate.isOpen) return false;
    return this.openQueues().every((queue) => queues.includes(queue));
  }

  /** Sets slots aside and says what to ask for; every request ends in `fulfil` or `fail`. */
  reserve(): ClaimRequest | null {
    return this.#reserve((slots) => slots.offer(maxClaimed));
  }

  #reserve(offerOf: (slots: Slots) => SlotOffer | null): ClaimRequest | null {
    const { gate, slots, workerId, leaseMs, retryRatio, lane } = this.#parts;
    const offer = gate.isOpen ? offerOf(slots) : null;
    if (!offer) return null;
    gate.enter();
    return { workerId, leaseMs, retryRatio, queues: offer.queues, limit: offer.limit, ...(lane && { lane }) };
  }

  fulfil(request: ClaimRequest, tasks: readonly ClaimedTask[]): void {
    this.#end(request);
    this.#isDry = tasks.length < request.limit || request.lane !== undefined;
    for (const task of tasks) this.#parts.slots.hold(task.queue);
    this.#parts.start(tasks);
    this.#parts.onChange();
  }

  fail(request: ClaimRequest, error: unknown): void {
    this.#end(request);
    this.#isDry = false;
    if (!isErrorCode(error, "store_unavailable", "store_full")) this.#parts.gate.noteUnknown();
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
   * Waits for work and claims it, for when the last claim found too little. While anything runs here it asks for
   * two at most: a handler may hold the event loop, and what is claimed meanwhile waits for it.
   */
  async claimAfterWait(wait: (queues: readonly string[]) => ClaimWait): Promise<void> {
    const most = this.#parts.isIdle() ? maxClaimed : mostBesideOthers;
    const request = this.#reserve((slots) => slots.offerFree(most));
    if (!request) return;
    const { timeoutMs, signal } = wait(Object.keys(request.queues));
    const ask = this.#ask(request, (store) => store.claimAfterWait(request, timeoutMs, signal));
    this.fulfil(request, await ask);
  }

  /** Hands back what claims with an unknown outcome took, and answers how many; then claims go on. */
  recover(): Promise<number> {
    return this.#parts.gate.recover();
  }

  async #ask(
    request: ClaimRequest,
    send: (store: ClaimsParts["store"]) => Promise<ClaimedTask[]>,
  ): Promise<ClaimedTask[]> {
    try {
      return await send(this.#parts.store);
    } catch (error) {
      this.fail(request, error);
      throw error;
    }
  }

  #end(request: ClaimRequest): void {
    this.#parts.slots.withdraw(request);
    this.#parts.gate.leave();
  }
}
