import { ArrowUpToLine } from "lucide-react";
import { type FormEvent, useState } from "react";
import { formatCount } from "../../../lib/format/numbers.ts";
import { Button } from "../../../ui/button.tsx";
import { StaleNote } from "../../../ui/stale-note.tsx";
import { knownRows, type ListTrail } from "./list-trail.ts";
import type { Sight } from "./use-task-list.ts";

type ListFooterProps = {
  trail: ListTrail;
  sight: Sight;
  /** When the rows in sight were last read, if the last attempt failed. */
  staleSince: number | null;
  /** They come as they stand in their state, not by their creation. */
  isInOwnOrder: boolean;
  onGoTo: (row: number) => void;
};

/** What of the list is in view, and how to get elsewhere. */
export function ListFooter({ trail, sight, staleSince, isInOwnOrder, onGoTo }: ListFooterProps) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-t px-3 py-1 text-xs text-soft">
      <p className="tabular">{sightText(trail, sight)}</p>
      {isInOwnOrder && (
        <p className="hidden text-faint lg:block">in the order in which they stand in this state</p>
      )}
      <StaleNote isStale={staleSince !== null} since={staleSince ?? 0} />
      <div className="ml-auto flex items-center gap-2">
        {trail.isExact && trail.total > 100 && <GoTo total={trail.total} onGoTo={onGoTo} />}
        <Button size="sm" tone="ghost" disabled={sight.first === 0} onClick={() => onGoTo(0)}>
          <ArrowUpToLine /> Top
        </Button>
      </div>
    </div>
  );
}

/** "11–20 of 3,412". */
export function sightText(trail: ListTrail, { first, last }: Sight): string {
  const known = knownRows(trail);
  if (known === 0) return trail.isWhole || trail.isExact ? "0 of 0" : "Looking…";
  const end = Math.min(last + 1, known);
  const total = `${trail.isExact || trail.isWhole ? "" : "at least "}${formatCount(trail.total)}`;
  return `${formatCount(Math.min(first + 1, end))}–${formatCount(end)} of ${total}`;
}

function GoTo({ total, onGoTo }: { total: number; onGoTo: (row: number) => void }) {
  const [text, setText] = useState("");
  const wanted = Number(text.replace(/[\s,.]/g, ""));
  const isRow = text.trim() !== "" && Number.isInteger(wanted) && wanted >= 1;
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (!isRow) return;
    onGoTo(Math.min(total, wanted) - 1);
    setText("");
  };
  return (
    <form onSubmit={go} className="flex items-center gap-1.5">
      <label className="flex items-center gap-1.5">
        Go to
        <input
          inputMode="numeric"
          placeholder={`1–${formatCount(total)}`}
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="tabular h-6.5 w-24 rounded-md border border-line-strong bg-panel px-2 text-xs text-fg placeholder:text-faint"
        />
      </label>
      <button type="submit" className="sr-only" disabled={!isRow}>
        Go
      </button>
    </form>
  );
}
