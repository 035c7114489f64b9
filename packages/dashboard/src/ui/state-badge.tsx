import type { TaskState } from "@workstream/core";
import { taskStateLook } from "../lib/task-state-look.ts";
import { cn } from "./class-names.ts";
import { Dot } from "./dot.tsx";

export function StateBadge({ state, className }: { state: TaskState; className?: string }) {
  const look = taskStateLook[state];
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full px-2 py-0.5 text-xs font-medium",
        look.tint,
        look.text,
        className,
      )}
    >
      <Dot className={look.dot} isPulsing={state === "ACTIVE"} />
      {look.label}
    </span>
  );
}
