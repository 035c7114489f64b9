import { useIsLive } from "../../lib/live/use-live.ts";
import { cn } from "../../ui/class-names.ts";
import { rateText } from "./flow-words.ts";
import "./lifecycle.css";

export type EdgeTone = "accent" | "pending" | "active" | "completed" | "scheduled" | "failed" | "dlq";

const colors: Record<EdgeTone, string> = {
  accent: "[--edge:var(--accent)]",
  pending: "[--edge:var(--state-pending-dot)]",
  active: "[--edge:var(--state-active-dot)]",
  completed: "[--edge:var(--state-completed-dot)]",
  scheduled: "[--edge:var(--state-scheduled-dot)]",
  failed: "[--edge:var(--state-failed-dot)]",
  dlq: "[--edge:var(--state-dlq-dot)]",
};

type FlowEdgeProps = {
  tone: EdgeTone;
  toward: "right" | "left" | "down" | "up";
  /** Tasks a second; null: not known. */
  rate: number | null;
  /** Whether something crosses it, where the rate does not tell. */
  isMoving?: boolean;
  /** What crosses it, for those who don't see where it leads. */
  label: string;
  className?: string;
};

/** What crosses from one node to the next. It moves while something does, and while that is known. */
export function FlowEdge({ tone, toward, rate, isMoving, label, className }: FlowEdgeProps) {
  const isLive = useIsLive();
  const isVertical = toward === "up" || toward === "down";
  return (
    <div
      className={cn(
        "relative hidden items-center justify-center @xl:flex",
        isVertical ? "h-10" : "min-w-0 px-1.5",
        className,
      )}
    >
      <div
        data-flows={isMoving ?? (rate ?? 0) > 0}
        data-live={isLive}
        data-toward={toward === "left" || toward === "up" ? "left" : "right"}
        className={cn("flow-edge w-full", colors[tone])}
        {...(isVertical && { style: { width: 28, rotate: "90deg" } })}
      >
        <span />
      </div>
      {rate !== null && (
        <p
          className={cn(
            "tabular absolute text-2xs whitespace-nowrap text-faint",
            isVertical ? "left-[calc(50%+0.6rem)]" : "bottom-[calc(50%+0.3rem)]",
          )}
        >
          <span className="sr-only">{label}: </span>
          {rate === 0 ? "0" : rateText(rate)}
        </p>
      )}
    </div>
  );
}
