/** What the processes that run tasks can be asked. */
import { monotonicMs } from "../monotonic.ts";

export type RunnerSettings = {
  /** Redis, or the file of an embedded store. */
  url?: string;
  /** In a Cluster: what its keys begin with, and how many partitions share them. */
  cluster?: { prefix: string; partitions: number };
  path?: string;
  slots: number;
  /** Of these, kept for tasks of high priority. */
  highPrioritySlots?: number;
  /** How long a task of type `slow` takes. With it, `fill` adds slow tasks; without, no-ops. */
  slowMs?: number;
  /** From half of that to one and a half: tasks that all take the same end together, and leave no slot in between. */
  isVaried?: boolean;
};

export type Runner = {
  /** Puts tasks into the queue. */
  fill(tasks: number): Promise<void>;
  /** Begins to run tasks. */
  start(): void;
  /** Runs until so many more are done: the rate, a second, after the first tenth (warm-up). */
  process(tasks: number): Promise<number>;
  /** How many the store has settled. */
  done(): number;
  /** When each task of type `marked` began (monotonicMs), by its number, once there are so many; then none. */
  pickups(samples: number): Promise<number[]>;
  /** Attempts whose lease was gone when they were to be settled. */
  lost(): number;
  /** Microseconds of CPU that this process used. */
  cpu(): number;
};

export type BusyRunner = Runner & {
  /** When each task of type `slow` ended (monotonicMs), in their order. */
  slotsFreedAt(): number[];
};

/** Notes when the handlers of marked tasks begin. */
export class Pickups {
  #beganAt: number[] = [];
  #count = 0;
  #onEach: () => void = () => {};

  note(content: string): void {
    this.#beganAt[Number(content)] = monotonicMs();
    this.#count += 1;
    this.#onEach();
  }

  take(samples: number): Promise<number[]> {
    return new Promise((resolve) => {
      this.#onEach = () => {
        if (this.#count < samples) return;
        resolve(this.#beganAt);
        this.#beganAt = [];
        this.#count = 0;
        this.#onEach = () => {};
      };
      this.#onEach();
    });
  }
}

export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
