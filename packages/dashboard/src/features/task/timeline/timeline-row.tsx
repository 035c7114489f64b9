import type { ReactNode } from "react";
import { taskStateLook } from "../../../lib/task-state-look.ts";
import { cn } from "../../../ui/class-names.ts";
import { Instant } from "../../../ui/instant.tsx";
import { Elapsed } from "../elapsed.tsx";
import { attemptLook } from "./attempt-look.tsx";
import { Branch, Trunk, TrunkDot } from "./gutter.tsx";
import type { AttemptItem, GapItem, RestItem, TimelineItem, WaitCause, WaitItem } from "./timeline-model.ts";

type RowProps<Item> = {
  item: Item;
  isFirst: boolean;
  isLast: boolean;
  /** What the task was set aside for, where that is known. */
  waitsFor?: string | null;
};

export function TimelineRow({ item, ...place }: RowProps<TimelineItem>) {
  switch (item.kind) {
    case "wait":
      return <Wait item={item} {...place} />;
    case "attempt":
      return <Attempt item={item} {...place} />;
    case "rest":
      return <Rest item={item} {...place} />;
    default:
      return <Gap item={item} {...place} />;
  }
}

const waitWords: Record<WaitCause, string> = {
  accepted: "Accepted",
  delayed: "Accepted, for later",
  due: "Due, back in the queue",
  backing_off: "Backing off",
  set_aside: "Set aside: parked or snoozed",
  handed_back: "Handed back to the queue",
  worker_lost: "Back in the queue, its worker lost",
  retried: "Retried by an operator",
};

function Wait({ item, isFirst, isLast, waitsFor = null }: RowProps<WaitItem>) {
  const look = taskStateLook[item.state];
  const isOn = item.endAt === null;
  return (
    <li className="relative min-h-9 py-2 pl-12">
      <Trunk from={isFirst ? "dot" : "top"} to={isLast ? "dot" : "bottom"} />
      <TrunkDot className={look.dot} isPulsing={isOn} />
      <Line
        title={
          <>
            <span className="sr-only">{look.label}: </span>
            {item.cause === "set_aside" && waitsFor !== null ? waitsFor : waitWords[item.cause]}
          </>
        }
        tone={look.text}
        span={item.endAt !== item.startAt && <Elapsed startAt={item.startAt} endAt={item.endAt} />}
      />
      <When at={item.startAt} />
    </li>
  );
}

function Attempt({ item, isFirst }: RowProps<AttemptItem>) {
  const look = attemptLook[item.outcome];
  const isRunning = item.outcome === "running";
  return (
    <li className="relative min-h-20 py-2 pl-12">
      {!isRunning && !isFirst && <Trunk isDashed className="border-line" />}
      <Branch stroke={look.stroke} dot={look.dot} isRunning={isRunning} />
      <Line
        title={`Attempt ${item.number}`}
        tone="text-active-fg"
        span={<Elapsed startAt={item.startAt} endAt={item.endAt} />}
      />
      <When at={item.startAt} />
      <p className={cn("mt-1 text-xs", look.text)}>
        {look.word}
        {item.error !== null && (
          <span className="text-soft">
            {" "}
            · <code className="text-2xs">{item.error.error_type}</code>
            <span className="line-clamp-2 break-words text-faint">{firstLine(item.error.error)}</span>
          </span>
        )}
      </p>
    </li>
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function Rest({ item, isFirst, isLast }: RowProps<RestItem>) {
  const look = taskStateLook[item.state];
  return (
    <li className="relative min-h-9 py-2 pl-12">
      <Trunk from={isFirst ? "dot" : "top"} to={isLast ? "dot" : "bottom"} />
      <TrunkDot className={cn(look.dot, "-mt-px -ml-px size-3")} />
      <Line
        title={look.label}
        tone={look.text}
        span={item.endAt !== null && <Elapsed startAt={item.startAt} endAt={item.endAt} />}
      />
      <When at={item.startAt} />
    </li>
  );
}

function Gap(_: RowProps<GapItem>) {
  return (
    <li className="relative min-h-9 py-2 pl-12 text-xs text-faint">
      <Trunk isDashed />
      Steps in between are no longer kept.
    </li>
  );
}

function Line({ title, tone, span }: { title: ReactNode; tone: string; span: ReactNode }) {
  return (
    <div className="flex items-baseline gap-3 text-sm">
      <span className={cn("min-w-0 font-medium", tone)}>{title}</span>
      <span className="tabular ml-auto shrink-0 text-xs text-soft">{span}</span>
    </div>
  );
}

function When({ at }: { at: number }) {
  return <Instant at={at} className="tabular block text-xs text-faint" />;
}
