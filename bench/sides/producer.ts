/** What the processes that put tasks into a queue can be asked. */
import { seededRandom } from "@workstream/testing";
import { monotonicMs } from "../monotonic.ts";

export type Trickle = { samples: number; minGapMs: number; maxGapMs: number; priority?: "high" };
export type Flow = { perSecond: number; forMs: number };

export type Producer = {
  /** Single calls, so many in flight. Answers the rate, a second. */
  addSingles(order: { tasks: number; inFlight: number }): Promise<number>;
  /** Calls of `size` tasks, one after the other. Answers the rate of tasks, a second. */
  addBulk(order: { tasks: number; size: number }): Promise<number>;
  /** One task at a time, with a gap after each. Answers when each call began (monotonicMs). */
  trickle(order: Trickle): Promise<number[]>;
};

/** Content of every task that is not looked at. */
export const hundredBytes = "x".repeat(100);

/** The loops of a producer, around its two ways of adding. */
export function producer(adds: {
  one(content: string, priority?: "high"): Promise<unknown>;
  marked(content: string, priority?: "high"): Promise<unknown>;
  many(count: number): Promise<unknown>;
}): Producer {
  return {
    async addSingles({ tasks, inFlight }) {
      const lane = async (count: number) => {
        for (let added = 0; added < count; added++) await adds.one(hundredBytes);
      };
      const lanes = (count: number) =>
        Promise.all(Array.from({ length: inFlight }, () => lane(Math.floor(count / inFlight))));
      await lanes(tasks / 10);
      const startedAt = performance.now();
      await lanes(tasks);
      return (tasks / (performance.now() - startedAt)) * 1000;
    },
    async addBulk({ tasks, size }) {
      for (let added = 0; added < tasks / 10; added += size) await adds.many(size);
      const startedAt = performance.now();
      for (let added = 0; added < tasks; added += size) await adds.many(size);
      return (tasks / (performance.now() - startedAt)) * 1000;
    },
    async trickle({ samples, minGapMs, maxGapMs, priority }) {
      const random = seededRandom(1);
      const calledAt: number[] = [];
      for (let sample = 0; sample < samples; sample++) {
        calledAt.push(monotonicMs());
        await adds.marked(String(sample), priority);
        const gapMs = minGapMs + random() * (maxGapMs - minGapMs);
        await new Promise((resolve) => setTimeout(resolve, gapMs));
      }
      return calledAt;
    },
  };
}
