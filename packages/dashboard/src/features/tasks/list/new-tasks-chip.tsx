import { ArrowUp } from "lucide-react";
import { formatCount } from "../../../lib/format/numbers.ts";
import type { NewTasks } from "./use-new-tasks.ts";

type NewTasksChipProps = NewTasks & { isHidden: boolean; onLoad: () => void };

/** What came since the list was begun stays out of it until this is pressed. */
export function NewTasksChip({ count, isAtLeast, isHidden, onLoad }: NewTasksChipProps) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
      {count > 0 && !isHidden && (
        <button
          type="button"
          onClick={onLoad}
          className="tabular pointer-events-auto inline-flex h-7 items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-accent-fg shadow-overlay hover:bg-accent/90"
        >
          <ArrowUp className="size-3.5" aria-hidden="true" />
          {formatCount(count)}
          {isAtLeast ? " or more" : ""} new
        </button>
      )}
    </div>
  );
}
