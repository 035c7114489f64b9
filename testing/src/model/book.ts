import type { ClaimedTask } from "@workstream/core";
import type { TestClock } from "../test-clock.ts";

type KnownAttempt = { id: string; token: string; workerId: string };

/**
 * What one run has seen so far, the same for both stores: ids, attempts, and the clock. Ids come from a counter and
 * the clock, so the same operations give the same ids in every run.
 */
export class Book {
  readonly clock: TestClock;
  readonly ids: string[] = [];
  readonly attempts: KnownAttempt[] = [];
  /** Tasks that may leave a terminal state, or the store, since someone asked for it. */
  readonly released = new Set<string>();
  /** Ids that were enqueued again: a task that was pruned in between comes back as a new one. */
  readonly recreated = new Set<string>();
  hasPruned = false;

  readonly #startedAt: number;

  constructor(clock: TestClock) {
    this.clock = clock;
    this.#startedAt = clock.now();
  }

  get elapsedMs(): number {
    return this.clock.now() - this.#startedAt;
  }

  mintId(): string {
    const time = this.clock.now().toString(16).padStart(12, "0");
    const count = this.ids.length.toString(16).padStart(3, "0");
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${count}-8000-000000000${count}`;
    this.ids.push(id);
    return id;
  }

  /** The task that many back from the newest, going round. An id that no store has when there is none. */
  task(back: number): string {
    return this.ids[this.#index(this.ids.length, back)] ?? "00000000-0000-7000-8000-000000000000";
  }

  attempt(back: number): KnownAttempt {
    return (
      this.attempts[this.#index(this.attempts.length, back)] ?? {
        id: this.task(back),
        token: "1",
        workerId: "host-0-none",
      }
    );
  }

  attemptsOf(workerId: string): KnownAttempt[] {
    return this.attempts.filter((attempt) => attempt.workerId === workerId);
  }

  learn(workerId: string, claimed: readonly ClaimedTask[]): void {
    for (const { id, token } of claimed) this.attempts.push({ id, token, workerId });
  }

  /** "task 3", for reading a trace. */
  nameIn(text: string): string {
    return this.ids.reduce((named, id, index) => named.replaceAll(id, `task ${index}`), text);
  }

  #index(length: number, back: number): number {
    return length === 0 ? -1 : length - 1 - (back % length);
  }
}
