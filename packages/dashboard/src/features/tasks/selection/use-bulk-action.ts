import type { BulkAction, BulkCount, BulkFilter } from "@workstream/core";
import { useState } from "react";
import { client } from "../../../lib/client.ts";
import { errorText } from "../../../ui/error-state.tsx";
import { notify } from "../../../ui/notify.ts";
import type { ListFilter } from "../list/list-request.ts";
import { noneText } from "./bulk-words.ts";
import type { Selection } from "./selection.ts";

export type BulkPlan = { count: BulkCount; filter: BulkFilter; selected: number | null };

/** Counts first; what is counted is what is then acted on. */
export function useBulkAction(
  selection: Selection,
  { all, total }: { all: ListFilter; total: number | null },
) {
  const [counting, setCounting] = useState<BulkAction | null>(null);
  const [plan, setPlan] = useState<BulkPlan | null>(null);

  const ask = async (action: BulkAction) => {
    const filter = bulkFilter(selection, all);
    setCounting(action);
    try {
      const count = await client.tasks.bulkCount({ action, filter });
      if (count.matched === 0) notify({ kind: "message", text: noneText(action) });
      else setPlan({ count, filter, selected: selection.kind === "some" ? selection.tasks.size : total });
    } catch (error) {
      notify({ kind: "error", text: "The tasks could not be counted.", detail: errorText(error) });
    } finally {
      setCounting(null);
    }
  };

  /** Answers the operation. */
  const start = async ({ count, filter }: BulkPlan): Promise<string> => {
    const { operation_id: id } = await client.tasks.bulk({ action: count.action, filter });
    return id;
  };
  return { counting, plan, ask, start, forget: () => setPlan(null) };
}

function bulkFilter(selection: Selection, all: ListFilter): BulkFilter {
  return selection.kind === "all" ? all : { task_ids: [...selection.tasks.keys()] };
}
