import { cn } from "../../../ui/class-names.ts";
import { Dot } from "../../../ui/dot.tsx";
import type { AttemptOutcome } from "./timeline-model.ts";

type Look = { word: string; dot: string; text: string; stroke: string };

export const attemptLook: Record<AttemptOutcome, Look> = {
  running: { word: "running", dot: "bg-active", text: "text-active-fg", stroke: "stroke-active" },
  completed: {
    word: "completed",
    dot: "bg-completed",
    text: "text-completed-fg",
    stroke: "stroke-completed",
  },
  failed: { word: "failed", dot: "bg-failed", text: "text-failed-fg", stroke: "stroke-failed" },
  cancelled: {
    word: "cancelled",
    dot: "bg-cancelled",
    text: "text-cancelled-fg",
    stroke: "stroke-cancelled",
  },
  set_aside: {
    word: "set aside",
    dot: "bg-scheduled",
    text: "text-scheduled-fg",
    stroke: "stroke-scheduled",
  },
  handed_back: { word: "handed back", dot: "bg-pending", text: "text-pending-fg", stroke: "stroke-pending" },
  worker_lost: { word: "worker lost", dot: "bg-dlq", text: "text-dlq-fg", stroke: "stroke-dlq" },
};

export function AttemptMark({ outcome }: { outcome: AttemptOutcome }) {
  const { word, dot, text } = attemptLook[outcome];
  return (
    <span className={cn("inline-flex items-center gap-1.5 text-xs font-medium", text)}>
      <Dot className={dot} isPulsing={outcome === "running"} />
      {word}
    </span>
  );
}
