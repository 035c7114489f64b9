/** The lines beside a timeline. The trunk runs at 10 px, a branch at 30 px; curves have a height of their own. */
import { cn } from "../../../ui/class-names.ts";

type TrunkProps = { className?: string; isDashed?: boolean; from?: "top" | "dot"; to?: "bottom" | "dot" };

/** A dot stands 18 px below the top of its row. */
export function Trunk({ className, isDashed = false, from = "top", to = "bottom" }: TrunkProps) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "absolute left-2.25 w-0 border-l-2 border-line-strong",
        from === "top" ? "top-0" : "top-4.5",
        to === "bottom" ? "bottom-0" : "h-4.5",
        isDashed && "border-dashed",
        className,
      )}
    />
  );
}

export function TrunkDot({ className, isPulsing = false }: { className: string; isPulsing?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "absolute top-3.25 left-1.25 size-2.5 rounded-full ring-3 ring-panel",
        isPulsing && "animate-pulse",
        className,
      )}
    />
  );
}

type BranchProps = { stroke: string; dot: string; isRunning: boolean };

/** Out to a worker and back; one that runs has not come back. */
export function Branch({ stroke, dot, isRunning }: BranchProps) {
  return (
    <span aria-hidden="true" className="absolute inset-y-0 left-0 flex w-10 flex-col">
      <svg viewBox="0 0 40 18" className="h-4.5 w-10 shrink-0 fill-none stroke-2">
        <title>out</title>
        <path d="M10 0 C10 12 30 4 30 18" className="stroke-active" />
      </svg>
      <span className={cn("relative ml-7.25 flex-1 border-l-2 border-active", isRunning && "border-dashed")}>
        <span className="absolute -top-1 -left-1.5 size-2.5 rounded-full bg-active ring-3 ring-panel" />
        {!isRunning && (
          <span
            className={cn("absolute -bottom-1 -left-1.5 z-1 size-2.5 rounded-full ring-3 ring-panel", dot)}
          />
        )}
        {isRunning && (
          <span className="absolute -bottom-1 -left-1.5 size-2.5 animate-pulse rounded-full border-2 border-active bg-panel" />
        )}
      </span>
      <svg viewBox="0 0 40 18" className="h-4.5 w-10 shrink-0 fill-none stroke-2">
        <title>back</title>
        {!isRunning && <path d="M30 0 C30 14 10 6 10 18" className={stroke} />}
      </svg>
    </span>
  );
}
