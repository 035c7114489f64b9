import {
  type ClaimedTask,
  type ClaimRequest,
  isErrorCode,
  type Settlement,
  type SettleOutcome,
  type SettleRequest,
  type TaskLeases,
  type Unanswered,
  WorkstreamError,
} from "@workstream/core";
import { backoffMs } from "../backoff.ts";
import { Latch } from "../latch.ts";
import type { Logger } from "../logger.ts";
import type { Claims } from "./claims.ts";
import type { SlotHolder, SlotPools } from "./slot-pools.ts";

/** Whatever holds a slot and a lease. */
export type Leaseholder = SlotHolder & { readonly task: ClaimedTask };

type Parts<Holder extends Leaseholder> = {
  store: Pick<TaskLeases, "settle">;
  workerId: string;
  concurrency: number;
  slots: SlotPools;
  /** For the slots that any task may take. */
  claims: Claims;
  logger: Logger;
  onSettled(holder: Holder, settlement: Settlement, outcome: SettleOutcome): void;
};

type Outcome = SettleOutcome | Unanswered;
type Reply = { outcomes: Outcome[]; claimed: ClaimedTask[] } | { error: unknown };
type Finished<Holder> = SettleRequest & { holder: Holder };

/**
 * Calls under way at once, so that one which waits for the store does not hold up what finished meanwhile.
 */
const maxCalls = 3;
/**
 * At most half of what is held goes into one call: the store works on one half while the other half runs. No-op
 * tasks on 100 slots cost Redis 28 µs each in calls of 50 and 25 µs in calls of 100, but those take turns
 * with the 20 µs that they cost here; in calls of 25 they cost 40 µs.
 */
const callsPerRound = 2;
/** A script that settles and claims 250 tasks holds Redis about 7 ms. */
const maxBatch = 250;
const retryBackoff = { firstMs: 100, capMs: 2000 };

/**
 * Settles attempts as they finish and claims for their slots in the same round trip.
 *
 * What finishes in one turn of the event loop goes into one call. Several calls may be under way, so a slow
 * handler holds up nobody. A call whose outcome is unknown is repeated until it is answered (the same token
 * again answers `settled`), without a claim; until then, or until the worker ends, its results are kept and its
 * slots are taken.
 */
export class Settler<Holder extends Leaseholder> {
  readonly #parts: Parts<Holder>;
  #finished: Finished<Holder>[] = [];
  #calls = 0;
  #unanswered = 0;
  #isFlushDue = false;
  #isStopped = false;
  readonly #stopped = new Latch();

  constructor(parts: Parts<Holder>) {
    this.#parts = parts;
  }

  /** Settlements that the store has not answered yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  settle(holder: Holder, settlement: Settlement): void {
    const { id, token, type } = holder.task;
    this.#unanswered += 1;
    this.#finished.push({ id, token, type, settlement, holder });
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => this.#flush());
  }

  /** Repeats nothing any more: what the store did not take is left to the leases. */
  stop(): void {
    this.#isStopped = true;
    this.#stopped.open();
  }

  #flush(): void {
    this.#isFlushDue = false;
    while (this.#finished.length > 0 && this.#calls < maxCalls) {
      void this.#send(this.#finished.splice(0, this.#batchSize()));
    }
  }

  #batchSize(): number {
    const held = Math.max(this.#parts.concurrency, this.#parts.slots.engaged);
    return Math.min(maxBatch, Math.ceil(held / callsPerRound));
  }

  async #send(batch: Finished<Holder>[]): Promise<void> {
    const { claims } = this.#parts;
    this.#freeSlots(batch);
    const request = claims.reserve();
    const reply = await this.#ask(batch, request);
    if ("error" in reply) {
      this.#retakeSlots(batch);
      if (request) claims.fail(request, reply.error);
      void this.#repeat(batch, reply.error, true);
    } else {
      this.#conclude(batch, reply.outcomes);
      if (request) claims.fulfil(request, reply.claimed);
      else claims.noteFreed();
    }
    if (!this.#isFlushDue) this.#flush();
  }

  async #ask(batch: Finished<Holder>[], request: ClaimRequest | null): Promise<Reply> {
    const { store, workerId, logger } = this.#parts;
    this.#calls += 1;
    try {
      return await store.settle(workerId, batch, request ?? undefined);
    } catch (error) {
      logger.warn({ err: error, attempts: batch.length }, "settling failed; it is repeated");
      return { error };
    } finally {
      this.#calls -= 1;
    }
  }

  /** A fault of the call itself, not of the connection, may lie in one attempt: then each goes on alone. */
  async #repeat(batch: Finished<Holder>[], lastError: unknown, holdsSlots: boolean): Promise<void> {
    let error = lastError;
    for (let failures = 1; ; failures += 1) {
      if (batch.length > 1 && !isStoreFault(error)) {
        for (const finished of batch) void this.#repeat([finished], error, holdsSlots);
        return;
      }
      if (!this.#isStopped) await this.#stopped.wait(backoffMs(retryBackoff, failures));
      if (this.#isStopped) return;
      try {
        const { outcomes } = await this.#parts.store.settle(this.#parts.workerId, batch);
        if (holdsSlots) this.#freeSlots(batch);
        this.#conclude(batch, outcomes);
        this.#parts.claims.noteFreed();
        return;
      } catch (nextError) {
        error = nextError;
        this.#parts.logger.debug({ err: error, failures }, "settling failed again");
      }
    }
  }

  /**
   * What a part of the store did not answer is asked again, and holds no slot meanwhile: others can use it, and nothing
   * more is claimed from that part.
   */
  #conclude(batch: readonly Finished<Holder>[], outcomes: readonly Outcome[]): void {
    const unanswered: Finished<Holder>[] = [];
    batch.forEach((finished, index) => {
      const outcome = outcomes[index] ?? "not_found";
      if (outcome === "unanswered") {
        unanswered.push(finished);
        return;
      }
      this.#unanswered -= 1;
      this.#parts.onSettled(finished.holder, finished.settlement, outcome);
    });
    if (unanswered.length > 0) void this.#repeat(unanswered, partAway, false);
  }

  #freeSlots(batch: readonly Finished<Holder>[]): void {
    for (const { holder } of batch) this.#parts.slots.of(holder).release(holder.task.queue);
  }

  #retakeSlots(batch: readonly Finished<Holder>[]): void {
    for (const { holder } of batch) this.#parts.slots.of(holder).hold(holder.task.queue);
  }
}

/** Why something is asked again of which the rest was answered. */
const partAway = new WorkstreamError("store_unavailable", "A part of the store did not answer.");

function isStoreFault(error: unknown): boolean {
  return isErrorCode(error, "store_unavailable", "outcome_unknown", "store_full");
}
