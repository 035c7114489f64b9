import type { TimelineItem } from "./timeline-model.ts";

export type FoldItem = {
  kind: "fold";
  startAt: number;
  endAt: number;
  attempts: number;
  failed: number;
  items: readonly TimelineItem[];
};

/** Attempts beyond which the middle of a timeline is folded. */
const mostAttempts = 12;
const keptFirst = 2;
const keptLast = 5;

/** Keeps the first and the newest attempts of a long history in sight, with the waits before them. */
export function foldTimeline(items: readonly TimelineItem[]): (TimelineItem | FoldItem)[] {
  const attempts = items.flatMap((item, index) => (item.kind === "attempt" ? [index] : []));
  if (attempts.length <= mostAttempts) return [...items];
  const from = (attempts[keptFirst - 1] ?? 0) + 1;
  const to = (attempts[attempts.length - keptLast - 1] ?? 0) + 1;
  const folded = items.slice(from, to);
  return [...items.slice(0, from), foldOf(folded), ...items.slice(to)];
}

function foldOf(items: readonly TimelineItem[]): FoldItem {
  const attempts = items.filter((item) => item.kind === "attempt");
  return {
    kind: "fold",
    startAt: items[0]?.startAt ?? 0,
    endAt: items.at(-1)?.endAt ?? 0,
    attempts: attempts.length,
    failed: attempts.filter(({ outcome }) => outcome === "failed" || outcome === "worker_lost").length,
    items,
  };
}
