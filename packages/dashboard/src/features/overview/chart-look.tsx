import { formatDuration } from "../../lib/format/durations.ts";
import { formatCount, formatRate } from "../../lib/format/numbers.ts";
import { Skeleton } from "../../ui/skeleton.tsx";

export const chartHeight = 168;
/** All charts of the screen show the same time under the pointer. */
export const syncKey = "overview";

export function formatPerMinute(value: number): string {
  if (value < 0) return `−${formatPerMinute(-value)}`;
  return Number.isInteger(value) || value >= 10 ? formatCount(value) : formatRate(value);
}

export function formatSeconds(seconds: number): string {
  return formatDuration(seconds * 1000);
}

/** Of a log axis: `100 ms`, `10 s`, `1,000 s`. */
export function formatSecondsTick(seconds: number): string {
  return seconds < 1 ? formatDuration(seconds * 1000) : `${formatCount(seconds)} s`;
}

/** The room of a chart that is on its way. */
export function ChartRoom() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="mb-2 w-40" />
      <Skeleton className="h-42" />
    </div>
  );
}
