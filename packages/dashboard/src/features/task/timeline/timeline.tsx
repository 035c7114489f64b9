import { useQuery } from "@tanstack/react-query";
import type { Explanation, TaskDetail } from "@workstream/core";
import { useState } from "react";
import { countOf } from "../../../lib/format/numbers.ts";
import { Button } from "../../../ui/button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { explanationQuery } from "../task-screen-queries.ts";
import { type FoldItem, foldTimeline } from "./fold-timeline.ts";
import { Trunk } from "./gutter.tsx";
import { type TimelineItem, timelineOf } from "./timeline-model.ts";
import { TimelineRow } from "./timeline-row.tsx";

/** What happened, from top to bottom: the trunk is the queue, each branch an attempt on a worker. */
export function Timeline({ task }: { task: TaskDetail }) {
  const items = foldTimeline(timelineOf(task));
  const last = items.at(-1);
  // The header asks for it; without it, what a parked task waits for is not known here.
  const { data: explanation } = useQuery({ ...explanationQuery(task.task_id), enabled: false });
  const waitsFor = explanation?.state === task.state ? asideWord(explanation) : null;
  return (
    <Panel title="Timeline" note={items.length > 2 ? "queue · worker" : undefined}>
      <ol className="flex flex-col">
        {items.map((item) =>
          item.kind === "fold" ? (
            <Fold key="fold" fold={item} />
          ) : (
            <TimelineRow
              key={keyOf(item)}
              item={item}
              isFirst={item === items[0]}
              isLast={item === last}
              waitsFor={item === last ? waitsFor : null}
            />
          ),
        )}
      </ol>
    </Panel>
  );
}

function asideWord({ reason, service }: Explanation): string | null {
  if (reason === "parked") return service === null ? "Parked" : `Parked for ${service}`;
  return reason === "snoozed" ? "Snoozed by its handler" : null;
}

function keyOf(item: TimelineItem): string {
  const name = item.kind === "wait" || item.kind === "rest" ? item.state : item.kind;
  return `${name} ${item.startAt}`;
}

function Fold({ fold }: { fold: FoldItem }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) {
    return fold.items.map((item) => (
      <TimelineRow key={keyOf(item)} item={item} isFirst={false} isLast={false} />
    ));
  }
  return (
    <li className="relative py-1.5 pl-12">
      <Trunk isDashed />
      <Button size="sm" onClick={() => setOpen(true)}>
        Show {countOf(fold.attempts, "more attempt")}
      </Button>
      <p className="mt-1 text-xs text-faint">
        {fold.failed === fold.attempts ? "All of them failed." : `${fold.failed} of them failed.`}
      </p>
    </li>
  );
}
