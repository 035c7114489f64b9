import type { BreakerWord, GuardedServiceView } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { formatCount, formatShare } from "../../lib/format/numbers.ts";

type Look = { word: string; dot: string; text: string };

export const breakerLook: Record<BreakerWord, Look> = {
  closed: { word: "Closed", dot: "bg-completed", text: "text-completed-fg" },
  open: { word: "Open", dot: "bg-dlq", text: "text-dlq-fg" },
  "half-open": { word: "Half-open", dot: "bg-failed", text: "text-failed-fg" },
};

/** What the breaker does now, as a sentence. */
export function breakerSentence(service: GuardedServiceView, nowMs: number): string {
  const { state, retry_at: retryAt, success_count: successes } = service;
  if (state === "half-open") {
    return `A few calls at a time try whether it is back; ${formatCount(successes)} went well so far.`;
  }
  if (state === "closed") return windowSentence(service);
  if (retryAt === null)
    return "Forced open: nobody calls until it is reset. Its tasks are parked, no attempt is used up.";
  const leftMs = Date.parse(retryAt) - nowMs;
  if (leftMs <= 0) return "The next task that is due will try whether it is back.";
  return `Nobody calls. First probe in ${formatDuration(leftMs)}; tasks are parked until then, no attempt is used up.`;
}

function windowSentence({ fail_count: failures, success_count: successes }: GuardedServiceView): string {
  const calls = failures + successes;
  if (calls === 0) return "Calls go through; none in its window.";
  return `Calls go through; ${formatShare(failures / calls)} of ${formatCount(calls)} in its window failed.`;
}
