import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMayOperate } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { Dot } from "../../ui/dot.tsx";
import { Panel } from "../../ui/panel.tsx";
import { LoadingRows } from "../../ui/skeleton.tsx";
import { type Attention, type AttentionAction, listAttention } from "./attention.ts";
import { LiveAge } from "./live-age.tsx";
import type { SystemFacts } from "./system-facts.ts";
import { usePauseQueue } from "./use-pause-queue.ts";

const shownAtFirst = 4;

const looks: Record<Attention["severity"], { dot: string; word: string }> = {
  broken: { dot: "bg-dlq", word: "Broken" },
  degraded: { dot: "bg-failed", word: "Degraded" },
  notable: { dot: "bg-scheduled", word: "Worth knowing" },
};

export function AttentionPanel({ facts, className }: { facts: SystemFacts; className?: string }) {
  const items = listAttention(facts);
  const isKnown = facts.status !== null && facts.fleet !== null;
  const isUnheard = ["waiting", "closed", "storeless"].includes(facts.connection.state);
  const [isAll, setAll] = useState(false);
  const more = items.length - shownAtFirst;
  return (
    <Panel
      title="Needs attention"
      aside={
        <span className="tabular flex gap-2">
          <LiveAge />
          {items.length > 0 && items.length}
        </span>
      }
      className={cn(className)}
    >
      {items.length > 0 ? (
        <ul className="hairline-rows">
          {items.slice(0, isAll ? undefined : shownAtFirst).map((item) => (
            <Item key={item.key} item={item} />
          ))}
          {more > 0 && (
            <li className="pt-2">
              <button
                type="button"
                aria-expanded={isAll}
                className="text-xs text-accent hover:underline"
                onClick={() => setAll(!isAll)}
              >
                {isAll ? "Show less" : `Show ${more} more`}
              </button>
            </li>
          )}
        </ul>
      ) : isKnown ? (
        <p className="flex items-center gap-2 text-sm text-soft">
          <Dot className="bg-completed" /> Nothing needs you.
        </p>
      ) : isUnheard ? (
        <p className="text-sm text-soft">Not known before the gateway answers.</p>
      ) : (
        <LoadingRows rows={3} />
      )}
    </Panel>
  );
}

function Item({ item: { severity, title, detail, isDetailCode, action } }: { item: Attention }) {
  const { dot, word } = looks[severity];
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 py-2.25 first:pt-0 last:pb-0">
      <Dot className={cn("mt-1.5", dot)} />
      <div>
        <p className="text-sm font-medium break-words">
          <span className="sr-only">{word}: </span>
          {title}
        </p>
        <p
          className={cn("mt-px line-clamp-2 text-xs break-words text-faint", isDetailCode && "font-mono")}
          title={detail}
        >
          {detail}
        </p>
      </div>
      {action !== null && <Act action={action} title={title} />}
    </li>
  );
}

function Act({ action, title }: { action: AttentionAction; title: string }) {
  if ("resume" in action) return <Resume queue={action.resume} label={action.label} />;
  return (
    <Button asChild size="sm">
      <Link {...action.link} aria-label={`${action.label}: ${title}`}>
        {action.label}
      </Link>
    </Button>
  );
}

function Resume({ queue, label }: { queue: string; label: string }) {
  const mayOperate = useMayOperate();
  const pause = usePauseQueue();
  if (!mayOperate) return null;
  return (
    <Button
      size="sm"
      aria-label={`${label} ${queue}`}
      disabled={pause.isPending}
      onClick={() => pause.mutate({ queue: queue === "retry" ? "primary" : queue, paused: false })}
    >
      {label}
    </Button>
  );
}
