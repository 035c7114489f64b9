import type { BulkAction, BulkCount } from "@workstream/core";
import { countOf, formatCount } from "../../../lib/format/numbers.ts";

export const verbs: Record<BulkAction, string> = { retry: "Retry", cancel: "Cancel", delete: "Delete" };

const past: Record<BulkAction, string> = { retry: "retried", cancel: "cancelled", delete: "deleted" };

const effects: Record<BulkAction, string> = {
  retry: "They go back to their queues and run again.",
  cancel: "Those that wait are stopped at once, those that run are told to stop. They can be retried later.",
  delete: "Their input, result and history are removed for good.",
};

export function isDangerous(action: BulkAction): boolean {
  return action !== "retry";
}

export function numberText({ matched, matched_is_estimate: isEstimate }: BulkCount): string {
  return `${isEstimate ? "at least " : ""}${countOf(matched, "task")}`;
}

export function question(count: BulkCount): string {
  return `${verbs[count.action]} ${numberText(count)}?`;
}

/** @param selected how many were chosen; null when that is not known exactly */
export function consequence(count: BulkCount, selected: number | null): string {
  const others = selected === null || count.matched_is_estimate ? 0 : selected - count.matched;
  const rest =
    others > 0
      ? ` ${others === 1 ? "One" : formatCount(others)} of those selected can't be ${past[count.action]} in ${others === 1 ? "its" : "their"} state.`
      : "";
  return `${effects[count.action]}${rest}`;
}

export function noneText(action: BulkAction): string {
  return `None of the selected tasks can be ${past[action]} in the state it is in.`;
}
