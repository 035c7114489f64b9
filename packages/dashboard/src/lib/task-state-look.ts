import type { TaskState } from "@workstream/core";

type Look = { label: string; dot: string; text: string; tint: string; describes: string };

/** How each state looks and reads, everywhere. Class names stand here whole, for Tailwind reads the sources. */
export const taskStateLook: Record<TaskState, Look> = {
  PENDING: {
    label: "Pending",
    dot: "bg-pending",
    text: "text-pending-fg",
    tint: "bg-pending-bg",
    describes: "waits in its queue",
  },
  ACTIVE: {
    label: "Active",
    dot: "bg-active",
    text: "text-active-fg",
    tint: "bg-active-bg",
    describes: "is running",
  },
  COMPLETED: {
    label: "Completed",
    dot: "bg-completed",
    text: "text-completed-fg",
    tint: "bg-completed-bg",
    describes: "has its result",
  },
  FAILED: {
    label: "Failed",
    dot: "bg-failed",
    text: "text-failed-fg",
    tint: "bg-failed-bg",
    describes: "failed for good, without being dead-lettered",
  },
  SCHEDULED: {
    label: "Scheduled",
    dot: "bg-scheduled",
    text: "text-scheduled-fg",
    tint: "bg-scheduled-bg",
    describes: "waits for its time: delayed, backing off or parked",
  },
  DLQ: {
    label: "Dead letter",
    dot: "bg-dlq",
    text: "text-dlq-fg",
    tint: "bg-dlq-bg",
    describes: "gave up; an operator decides",
  },
  CANCELLED: {
    label: "Cancelled",
    dot: "bg-cancelled",
    text: "text-cancelled-fg",
    tint: "bg-cancelled-bg",
    describes: "was cancelled or expired",
  },
};
