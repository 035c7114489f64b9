import { formatDuration } from "../../lib/format/durations.ts";
import { useNow } from "../../lib/use-now.ts";

/** How long something took, or has taken until now. */
export function Elapsed({ startAt, endAt }: { startAt: number; endAt: number | null }) {
  return endAt === null ? <Running startAt={startAt} /> : formatDuration(endAt - startAt);
}

function Running({ startAt }: { startAt: number }) {
  const elapsedMs = Math.max(0, useNow(1_000) - startAt);
  return <>{formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)} so far</>;
}
