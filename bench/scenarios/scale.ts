/** The same questions and actions with few tasks and with many: as many as the size says, beside 1,000. */
import { say } from "../interleave.ts";
import type { Row, Scenario } from "../scenario.ts";
import { measureSingleActions } from "./scale/actions.ts";
import { measureBulkDelete, measureBulkDeleteOfWaiting, measureBulkRetry } from "./scale/bulk-actions.ts";
import { comparePriorityPickup } from "./scale/priority-pickup.ts";
import { comparePages, compareReading, measureCombinations } from "./scale/reading.ts";
import { measureRetention } from "./scale/retention.ts";
import { emptyStore, type StoreOfTasks, storeOfTasks } from "./scale/store-of-tasks.ts";

type Sizes = { runs: number; tasks: number };

/** Each leaves the store to the next: the first only read, the last empty it. */
const parts: Record<string, (many: StoreOfTasks, sizes: Sizes) => Promise<Row[]>> = {
  lists: async (many, { runs }) => {
    const few = await storeOfTasks(1_000, many.isDurable);
    return compareReading(few, many, runs).finally(few.close);
  },
  pages: (many, { runs }) => comparePages(many, runs),
  combinations: (many) => measureCombinations(many),
  "single-actions": (many) => measureSingleActions(many),
  retention: (many, { tasks }) => measureRetention(many, Math.floor(tasks / 10)),
  "bulk-retry": (many) => measureBulkRetry(many),
  "bulk-delete": (many) => measureBulkDelete(many),
  "bulk-delete-waiting": (many) => measureBulkDeleteOfWaiting(many),
  "priority-pickup": (many, { runs }) => comparePriorityPickup(many, Math.min(runs, 3)),
};
/** What these begin with is an empty store, which they fill themselves. */
const fillers = new Set(["bulk-retry", "bulk-delete", "bulk-delete-waiting", "priority-pickup"]);

export const scale: Scenario = {
  name: "scale",
  describes:
    "Reading, single and bulk actions, priorities and retention among many tasks, beside the same among 1,000.",
  size: 1_000_000,
  hasDurable: true,
  parts: Object.keys(parts),
  async run({ runs, tasks, isDurable, parts: wanted }) {
    const chosen = Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name));
    const isFilled = chosen.some(([name]) => !fillers.has(name));
    const many = isFilled ? await storeOfTasks(tasks, isDurable) : await emptyStore(tasks, isDurable);
    const rows: Row[] = [];
    try {
      for (const [name, part] of chosen) {
        say(name);
        rows.push(...(await part(many, { runs, tasks })));
      }
    } finally {
      await many.close();
    }
    return rows;
  },
};
