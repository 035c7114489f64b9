/**
 * Claims of one worker from one partition. After a claim whose outcome is unknown the partition gives nothing until those
 * under way have ended and it has taken back what it holds for the worker and the worker was never told of.
 */
import {
  type ClaimedTask,
  type ClaimRequest,
  isErrorCode,
  type SettleOutcome,
  type SettleRequest,
  type Unanswered,
} from "@workstream/core";
import type { Partition } from "./partition-set.ts";

export type Settled = { outcomes: (SettleOutcome | Unanswered)[]; claimed: ClaimedTask[] };

export class WorkerGate {
  readonly #partition: Partition;
  readonly #workerId: string;
  readonly #known = new Set<string>();
  #underWay = 0;
  #needsRecovery = false;
  #recovering: Promise<number> | null = null;

  constructor(partition: Partition, workerId: string) {
    this.#partition = partition;
    this.#workerId = workerId;
  }

  /** Takes nothing when what must come before it lasts past `until`, on the monotonic clock. */
  async claim(request: ClaimRequest, until: number): Promise<ClaimedTask[]> {
    if (!(await this.#isOpen()) || performance.now() > until) return [];
    return this.#taking(async () => {
      const tasks = await this.#partition.stores.tasks.claim(request);
      return { taken: tasks, answer: tasks };
    });
  }

  /** Claims too when `next` is given and nothing keeps it from claiming. */
  async settle(attempts: readonly SettleRequest[], next: ClaimRequest | undefined): Promise<Settled> {
    const { tasks } = this.#partition.stores;
    const isClaiming = next !== undefined && !this.#needsRecovery;
    const settled = isClaiming
      ? await this.#taking(async () => {
          const answer = await tasks.settle(this.#workerId, attempts, next);
          return { taken: answer.claimed, answer };
        })
      : await tasks.settle(this.#workerId, attempts);
    attempts.forEach(({ id }, index) => {
      if (settled.outcomes[index] !== "unanswered") this.forget(id);
    });
    return settled;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  /** What it can't hand back now it hands back before the next claim. */
  async recover(knownIds: readonly string[]): Promise<number> {
    this.#needsRecovery = true;
    this.#known.clear();
    for (const id of knownIds) this.#known.add(id);
    return this.#recover();
  }

  async #isOpen(): Promise<boolean> {
    if (!this.#needsRecovery) return true;
    if (this.#underWay > 0) return false;
    await this.#recover();
    return true;
  }

  #recover(): Promise<number> {
    this.#recovering ??= this.#partition.stores.tasks
      .recover(this.#workerId, [...this.#known])
      .then((count) => {
        this.#needsRecovery = false;
        return count;
      })
      .finally(() => {
        this.#recovering = null;
      });
    return this.#recovering;
  }

  async #taking<T>(act: () => Promise<{ taken: readonly ClaimedTask[]; answer: T }>): Promise<T> {
    this.#underWay += 1;
    try {
      const { taken, answer } = await act();
      for (const { id } of taken) this.#known.add(id);
      return answer;
    } catch (error) {
      if (!isErrorCode(error, "store_unavailable", "store_full")) this.#needsRecovery = true;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}
