/** The same questions and actions with few tasks and with many. One server holds 1,000, one as many as the size says. */
import { say } from "../interleave.ts";
import type { Row, Scenario } from "../scenario.ts";
import { measureBulkActions, measureSingleActions } from "./scale/actions.ts";
import { comparePriorityPickup } from "./scale/priority-pickup.ts";
import { comparePages, compareReading, measureCombinations } from "./scale/reading.ts";
import { measureRetention } from "./scale/retention.ts";
import { storeOfTasks } from "./scale/store-of-tasks.ts";

export const scale: Scenario = {
  name: "scale",
  describes:
    "Reading, single and bulk actions, priorities and retention among many tasks, beside the same among 1,000.",
  size: 1_000_000,
  hasDurable: false,
  async run({ runs, tasks }) {
    const few = await storeOfTasks(1_000);
    const startedAt = performance.now();
    const many = await storeOfTasks(tasks);
    say(`${tasks} tasks in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    const rows: Row[] = [];
    const parts = {
      lists: () => compareReading(few, many, runs),
      pages: () => comparePages(many, runs),
      combinations: () => measureCombinations(many),
      "single actions": () => measureSingleActions(many),
      retention: () => measureRetention(many, Math.floor(tasks / 10)),
      "bulk actions": () => measureBulkActions(many),
      "priority pickup": () => comparePriorityPickup(many, Math.min(runs, 3)),
    };
    try {
      for (const [name, part] of Object.entries(parts)) {
        say(name);
        rows.push(...(await part()));
      }
    } finally {
      await Promise.all([few.close(), many.close()]);
    }
    return rows;
  },
};
