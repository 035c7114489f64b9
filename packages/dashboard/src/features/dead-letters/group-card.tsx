import { Link } from "@tanstack/react-router";
import type { ErrorGroup } from "@workstream/core";
import { ChevronRight } from "lucide-react";
import { formatCount } from "../../lib/format/numbers.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { Badge } from "../../ui/badge.tsx";
import { cn } from "../../ui/class-names.ts";
import { Instant } from "../../ui/instant.tsx";
import { DeadLetterActions } from "./dead-letter-actions.tsx";
import { GroupSamples } from "./group-samples.tsx";

type GroupCardProps = { group: ErrorGroup; isOpen: boolean; onStarted: (operationId: string) => void };

/** One cause: what it says, how many it stopped, since when, and what to do about them. */
export function GroupCard({ group, isOpen, onStarted }: GroupCardProps) {
  const mayOperate = useMayOperate();
  return (
    <section aria-label={group.message} className="rounded-lg border bg-panel px-4 py-card">
      <div className="flex flex-wrap items-start gap-x-5 gap-y-3">
        <p className="tabular w-14 shrink-0 text-2xl leading-tight font-semibold text-dlq-fg">
          {formatCount(group.count)}
        </p>
        <div className="min-w-0 flex-1 basis-72">
          <p className="line-clamp-3 font-mono text-xs leading-relaxed break-words">{group.message}</p>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-faint">
            {group.count > 1 && <span>the newest of them</span>}
            <Badge>{group.error_type}</Badge>
            <span>{group.task_type}</span>
            <span>
              first <Instant at={group.first_seen_at} style="ago" />
            </span>
            <span>
              last <Instant at={group.last_seen_at} style="ago" />
            </span>
          </p>
        </div>
        {mayOperate && (
          <div className="flex flex-wrap gap-2">
            <DeadLetterActions total={group.count} group={group.error_group} onStarted={onStarted} />
          </div>
        )}
      </div>
      <Link
        to="/dead-letters"
        search={{ group: isOpen ? undefined : group.error_group }}
        replace
        aria-expanded={isOpen}
        className="mt-2.5 inline-flex items-center gap-1 rounded-sm text-xs text-accent hover:underline"
      >
        <ChevronRight className={cn("size-3.5", isOpen && "rotate-90")} aria-hidden="true" />
        {isOpen ? "Hide the newest" : "Show the newest"}
      </Link>
      {isOpen && <GroupSamples group={group} />}
    </section>
  );
}
