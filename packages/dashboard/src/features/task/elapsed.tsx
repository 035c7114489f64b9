import { createContext, useContext } from "react";
import { formatDuration } from "../../lib/format/durations.ts";
import { useNow } from "../../lib/use-now.ts";

/** When all that goes on came to an end without a word in the history: with the task itself. */
export const StoppedAt = createContext<number | null>(null);

/** How long something took, or has taken until now. */
export function Elapsed({ startAt, endAt }: { startAt: number; endAt: number | null }) {
  const stoppedAt = useContext(StoppedAt);
  const end = endAt ?? stoppedAt;
  return end === null ? <Running startAt={startAt} /> : formatDuration(end - startAt);
}

function Running({ startAt }: { startAt: number }) {
  const elapsedMs = Math.max(0, useNow(1_000) - startAt);
  return <>{formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)} so far</>;
}
