import { X } from "lucide-react";
import { countOf, formatCount } from "../../../lib/format/numbers.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import type { ListFilter } from "../list/list-request.ts";
import { consequence, isDangerous, numberText, question, verbs } from "./bulk-words.ts";
import { actionsFor, maxSelected, type Selection } from "./selection.ts";
import { useBulkAction } from "./use-bulk-action.ts";

type SelectionBarProps = {
  selection: Selection;
  /** Tasks that match; null where only a lower bound is known. */
  total: number | null;
  /** The filter that means all of them. */
  all: ListFilter;
  onSelectPage: () => void;
  onSelectAll: () => void;
  onClear: () => void;
  onStarted: (operationId: string) => void;
};

/** What is selected, and what can be done to it. */
export function SelectionBar(props: SelectionBarProps) {
  const { selection, total, all } = props;
  const { counting, plan, ask, start, forget } = useBulkAction(selection, { all, total });
  const states =
    selection.kind === "some"
      ? selection.tasks.values()
      : all.status === undefined
        ? (["PENDING", "DLQ"] as const)
        : [all.status];
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2 rounded-md bg-accent-bg px-2.5 py-1">
      <SelectionWords {...props} />
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        {actionsFor(states).map((action) => (
          <Button
            key={action}
            size="sm"
            tone={action === "delete" ? "danger" : "plain"}
            disabled={counting !== null}
            onClick={() => void ask(action)}
          >
            {counting === action ? "Counting…" : verbs[action]}
          </Button>
        ))}
        <Button size="iconSm" tone="ghost" aria-label="Clear the selection" onClick={props.onClear}>
          <X />
        </Button>
      </div>
      {plan !== null && (
        <ConfirmDialog
          isOpen
          onOpenChange={forget}
          title={question(plan.count)}
          description={consequence(plan.count, plan.selected)}
          confirmLabel={`${verbs[plan.count.action]} ${numberText(plan.count)}`}
          isDangerous={isDangerous(plan.count.action)}
          onConfirm={async () => props.onStarted(await start(plan))}
        />
      )}
    </div>
  );
}

function SelectionWords({ selection, total, onSelectPage, onSelectAll }: SelectionBarProps) {
  const matching = total === null ? "all" : `all ${formatCount(total)}`;
  if (selection.kind === "all") {
    return (
      <p role="status" className="text-sm font-medium">
        {total === null ? "All tasks that match are selected" : `All ${countOf(total, "task")} selected`}
      </p>
    );
  }
  return (
    <>
      <p role="status" className="tabular text-sm font-medium">
        {formatCount(selection.tasks.size)} selected
        {selection.isFull && (
          <span className="font-normal text-soft">
            , as many as can be chosen singly ({formatCount(maxSelected)})
          </span>
        )}
      </p>
      <Button size="sm" tone="ghost" onClick={onSelectPage}>
        Select what is in view
      </Button>
      <Button size="sm" tone="ghost" onClick={onSelectAll}>
        Select {matching} that match
      </Button>
    </>
  );
}
