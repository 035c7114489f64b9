import type { TaskState } from "@workstream/core";
import { formatCompact, formatCount } from "../../../lib/format/numbers.ts";
import { useIsLive, useLiveStatus } from "../../../lib/live/use-live.ts";
import { taskStateLook } from "../../../lib/task-state-look.ts";
import { cn } from "../../../ui/class-names.ts";
import { Dot } from "../../../ui/dot.tsx";
import { stateNames } from "./task-search.ts";

type StateChipsProps = { chosen: TaskState | undefined; onChoose: (state: TaskState | undefined) => void };

const look =
  "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border bg-panel px-2.5 text-xs whitespace-nowrap text-soft hover:border-line-strong hover:text-fg aria-pressed:border-accent aria-pressed:bg-accent-bg aria-pressed:text-fg";

/** Every state with how many tasks are in it now. */
export function StateChips({ chosen, onChoose }: StateChipsProps) {
  const states = useLiveStatus().data?.states;
  const isLive = useIsLive();
  const all = states && Object.values(states).reduce((sum, count) => sum + count, 0);
  return (
    <fieldset className="flex min-h-8 min-w-0 items-center gap-1.5 overflow-x-auto py-0.5 md:flex-wrap">
      <legend className="sr-only">States</legend>
      <button
        type="button"
        aria-pressed={chosen === undefined}
        className={look}
        onClick={() => onChoose(undefined)}
      >
        All <Count of={all} isLive={isLive} />
      </button>
      {stateNames.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen === state}
          title={taskStateLook[state].describes}
          className={look}
          onClick={() => onChoose(chosen === state ? undefined : state)}
        >
          <Dot className={taskStateLook[state].dot} />
          {taskStateLook[state].label} <Count of={states?.[state]} isLive={isLive} />
        </button>
      ))}
    </fieldset>
  );
}

function Count({ of, isLive }: { of: number | undefined; isLive: boolean }) {
  if (of === undefined) return null;
  return (
    <span
      title={isLive ? formatCount(of) : `${formatCount(of)} when last heard of`}
      className={cn("tabular font-medium text-fg", !isLive && "text-faint")}
    >
      {formatCompact(of)}
    </span>
  );
}
