import type { WorkerStatus } from "@workstream/core";
import { Badge } from "../../ui/badge.tsx";
import { Dot } from "../../ui/dot.tsx";

const looks: Record<
  WorkerStatus,
  { word: string; tone: "success" | "warning" | "neutral"; dot: string; title: string }
> = {
  healthy: { word: "Healthy", tone: "success", dot: "bg-completed", title: "It beats and claims" },
  draining: {
    word: "Draining",
    tone: "neutral",
    dot: "bg-scheduled",
    title: "It finishes what it runs and takes nothing new",
  },
  stale: {
    word: "Silent",
    tone: "warning",
    dot: "bg-failed",
    title: "No heartbeat for 30 s: its tasks go to others when their leases run out",
  },
};

export function WorkerStatusBadge({ status }: { status: WorkerStatus }) {
  const { word, tone, dot, title } = looks[status];
  return (
    <Badge tone={tone} title={title}>
      <Dot className={dot} />
      {word}
    </Badge>
  );
}
