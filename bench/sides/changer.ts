/** Changes tasks at a steady rate: it enqueues them, and notes when each call began. */
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { monotonicMs } from "../monotonic.ts";
import { readSettings, serve } from "../serve.ts";

/** From `at` on, tasks up to the `count`th of this process were being enqueued. */
export type Change = { at: number; count: number };

export type Changer = {
  change(order: { perSecond: number; forMs: number }): Promise<{ changes: Change[]; calls: number }>;
};

const { url } = readSettings<{ url: string }>();
const { tasks } = await openRedisStores({ url });
const everyMs = 20;
/** Few enough for one script a call. */
const atOnce = 200;
let count = 0;

function enqueue(size: number): Promise<unknown> {
  return tasks.enqueueBatch(Array.from({ length: size }, () => newTask(tasks.mintId())));
}

serve<Changer>({
  async change({ perSecond, forMs }) {
    const [changes, calls]: [Change[], Promise<unknown>[]] = [[], []];
    const [startedAt, before] = [monotonicMs(), count];
    for (let now = startedAt; now < startedAt + forMs; now = monotonicMs()) {
      const due = Math.floor(((now - startedAt) / 1000) * perSecond) + before - count;
      if (due > 0) {
        count += due;
        changes.push({ at: now, count });
        for (let left = due; left > 0; left -= atOnce) calls.push(enqueue(Math.min(left, atOnce)));
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    await Promise.all(calls);
    return { changes, calls: calls.length };
  },
});
