import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatCompact, formatCount } from "../../lib/format/numbers.ts";
import { cn } from "../../ui/class-names.ts";
import { Dot } from "../../ui/dot.tsx";
import { rateText } from "./flow-words.ts";

type FlowNodeProps = {
  label: string;
  dot: string;
  /** Tasks a second that come here: told in the node where there is no room for edges. */
  arriving?: number | null;
  /** Null: not known yet. */
  count: number | null;
  /** A few words beside the count. */
  detail?: ReactNode;
  /** What a click shows. */
  opens: string;
  link: Pick<LinkProps, "to" | "search">;
  className?: string;
};

/** A place in the lifecycle, and the way to the tasks that are there. */
export function FlowNode({
  label,
  dot,
  arriving = null,
  count,
  detail,
  opens,
  link,
  className,
}: FlowNodeProps) {
  return (
    <Link
      {...link}
      title={opens}
      className={cn(
        "flex min-w-0 flex-col justify-center rounded-[9px] border bg-bg px-2.5 py-2 @xl:px-3 transition-colors hover:border-line-strong hover:bg-raised",
        className,
      )}
    >
      <span className="flex items-center gap-1.5 text-xs whitespace-nowrap text-soft">
        <Dot className={dot} />
        {label}
        {arriving !== null && (
          <span className="tabular ml-auto text-2xs text-faint @xl:hidden">
            <span className="sr-only">, arriving: </span>
            {rateText(arriving)}
          </span>
        )}
      </span>
      <span
        className="tabular text-[1.3rem] leading-snug font-semibold tracking-tight"
        title={count === null ? undefined : formatCount(count)}
      >
        {count === null ? "–" : formatCompact(count)}
      </span>
      <span className="tabular truncate text-2xs text-faint">{detail ?? "\u00a0"}</span>
    </Link>
  );
}
