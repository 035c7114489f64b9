import type { TaskDetail } from "@workstream/core";
import { useState } from "react";
import { countOf } from "../../lib/format/numbers.ts";
import { Button } from "../../ui/button.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Elapsed } from "./elapsed.tsx";
import { ErrorText } from "./error-text.tsx";
import { WorkerLink } from "./task-facts.tsx";
import { AttemptMark } from "./timeline/attempt-look.tsx";
import { type AttemptItem, type ErrorEntry, timelineOf } from "./timeline/timeline-model.ts";

const shownAtFirst = 5;

/** Each attempt with what came of it, newest first. */
export function Attempts({ task }: { task: TaskDetail }) {
  const [isWhole, setWhole] = useState(false);
  const items = timelineOf(task);
  const attempts = items.filter((item) => item.kind === "attempt").reverse();
  const rejected = items.findLast((item) => item.kind === "rest")?.error ?? null;
  if (attempts.length === 0 && rejected === null) return null;
  const shown = isWhole ? attempts : attempts.slice(0, shownAtFirst);
  return (
    <Panel title="Attempts" note={attempts.length > 1 ? `${attempts.length}, newest first` : undefined}>
      {rejected !== null && <ErrorText error={rejected} />}
      <ol className="hairline-rows -my-2">
        {shown.map((attempt) => (
          <Attempt key={attempt.startAt} attempt={attempt} />
        ))}
      </ol>
      {shown.length < attempts.length && (
        <Button size="sm" className="mt-3.5" onClick={() => setWhole(true)}>
          Show {countOf(attempts.length - shown.length, "earlier attempt")}
        </Button>
      )}
    </Panel>
  );
}

function Attempt({ attempt }: { attempt: AttemptItem }) {
  const { number, startAt, endAt, workerId, error } = attempt;
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-sm font-medium">Attempt {number}</h3>
        <AttemptMark outcome={attempt.outcome} />
        <span className="tabular text-sm text-soft">
          <Elapsed startAt={startAt} endAt={endAt} />
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-x-3 text-xs text-faint">
          {workerId !== null && <WorkerLink workerId={workerId} />}
          <Instant at={startAt} className="tabular" />
        </span>
      </div>
      {error !== null && <AttemptError error={error} />}
    </li>
  );
}

function AttemptError({ error }: { error: ErrorEntry }) {
  return (
    <div className="mt-2">
      <ErrorText error={error} />
    </div>
  );
}
