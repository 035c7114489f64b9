/**
 * Claims of one worker from one partition. After a claim whose outcome is unknown the partition gives nothing until those
 * under way have ended and it has taken back what it holds for the worker and the worker was never told of.
 */
import {
  type ClaimedTask,
  type ClaimRequest,
  type ExtendOutcome,
  type ExtendRequest,
  isErrorCode,
  type Lease,
  type SettleOutcome,
  type SettleRequest,
  type TaskLeases,
  type Unanswered,
} from "@workstream/core";

/** What the gate stands before: one partition. */
type Gated = Pick<TaskLeases, "claim" | "settle" | "extend" | "recover">;

/**
 * A worker extends what it holds at a third of a lease's length. What it has not extended for so many lengths it holds no
 * more: the attempt was revoked, and ended without a settlement.
 */
const keptForLeases = 10;

export type Settled = { outcomes: (SettleOutcome | Unanswered)[]; claimed: ClaimedTask[] };

export class WorkerGate {
  readonly #tasks: Gated;
  readonly #workerId: string;
  /** Leases that the worker was told of and that did not end, by name; those last claimed or extended at the end. */
  readonly #known = new Map<string, Lease & { heldAt: number }>();
  readonly #nowMs: () => number;
  #underWay = 0;
  #needsRecovery = false;
  #recovering: Promise<number> | null = null;

  constructor(tasks: Gated, workerId: string, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#tasks = tasks;
    this.#workerId = workerId;
  }

  /** Takes nothing when what must come before it lasts past `until`, on the monotonic clock. */
  async claim(request: ClaimRequest, until: number): Promise<ClaimedTask[]> {
    if (!(await this.#isOpen()) || this.#nowMs() > until) return [];
    return this.#taking(async () => {
      const tasks = await this.#tasks.claim(request);
      return { taken: tasks, answer: tasks };
    });
  }

  /** Claims too when `next` is given and nothing keeps it from claiming. */
  async settle(attempts: readonly SettleRequest[], next: ClaimRequest | undefined): Promise<Settled> {
    const isClaiming = next !== undefined && !this.#needsRecovery;
    const settled = isClaiming
      ? await this.#taking(async () => {
          const answer = await this.#tasks.settle(this.#workerId, attempts, next);
          return { taken: answer.claimed, answer };
        })
      : await this.#tasks.settle(this.#workerId, attempts);
    attempts.forEach((attempt, index) => {
      if (settled.outcomes[index] !== "unanswered") this.#known.delete(nameOf(attempt));
    });
    return settled;
  }

  async extend(leases: readonly ExtendRequest[], leaseMs: number): Promise<(ExtendOutcome | Unanswered)[]> {
    for (const lease of leases) if (this.#known.delete(nameOf(lease))) this.#note(lease);
    this.#forgetBefore(this.#nowMs() - keptForLeases * leaseMs);
    const outcomes = await this.#tasks.extend(this.#workerId, leases, leaseMs);
    leases.forEach((lease, index) => {
      const outcome = outcomes[index];
      if (outcome === "lease_lost" || outcome === "not_found") this.#known.delete(nameOf(lease));
    });
    return outcomes;
  }

  /** What it can't hand back now it hands back before the next claim. */
  async recover(known: readonly Lease[]): Promise<number> {
    this.#needsRecovery = true;
    this.#known.clear();
    for (const lease of known) this.#note(lease);
    return this.#recover();
  }

  async #isOpen(): Promise<boolean> {
    if (!this.#needsRecovery) return true;
    if (this.#underWay > 0) return false;
    await this.#recover();
    return true;
  }

  #recover(): Promise<number> {
    this.#recovering ??= this.#tasks
      .recover(this.#workerId, [...this.#known.values()])
      .then((count) => {
        this.#needsRecovery = false;
        return count;
      })
      .finally(() => {
        this.#recovering = null;
      });
    return this.#recovering;
  }

  #note({ id, token }: Lease): void {
    const lease = { id, token, heldAt: this.#nowMs() };
    this.#known.set(nameOf(lease), lease);
  }

  #forgetBefore(time: number): void {
    for (const [name, { heldAt }] of this.#known) {
      if (heldAt >= time) return;
      this.#known.delete(name);
    }
  }

  async #taking<T>(act: () => Promise<{ taken: readonly ClaimedTask[]; answer: T }>): Promise<T> {
    this.#underWay += 1;
    try {
      const { taken, answer } = await act();
      for (const task of taken) this.#note(task);
      return answer;
    } catch (error) {
      if (!isErrorCode(error, "store_unavailable", "store_full")) this.#needsRecovery = true;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}

function nameOf({ id, token }: Lease): string {
  return `${id} ${token}`;
}
