/** What a chart draws: one value a timestamp for each series, null where nothing is known. */

export type ChartTone =
  | "pending"
  | "active"
  | "completed"
  | "scheduled"
  | "failed"
  | "dlq"
  | "cancelled"
  | "accent";

export type ChartSeries = {
  name: string;
  tone: ChartTone;
  values: readonly (number | null)[];
  /** Default: a line. */
  shape?: "line" | "area" | "bars";
};

export type ChartScale = "linear" | "log";

/** The dot in a legend, and the token that the canvas reads. */
export const chartTones: Record<ChartTone, { dot: string; variable: string }> = {
  pending: { dot: "bg-pending", variable: "--state-pending-dot" },
  active: { dot: "bg-active", variable: "--state-active-dot" },
  completed: { dot: "bg-completed", variable: "--state-completed-dot" },
  scheduled: { dot: "bg-scheduled", variable: "--state-scheduled-dot" },
  failed: { dot: "bg-failed", variable: "--state-failed-dot" },
  dlq: { dot: "bg-dlq", variable: "--state-dlq-dot" },
  cancelled: { dot: "bg-cancelled", variable: "--state-cancelled-dot" },
  accent: { dot: "bg-accent", variable: "--accent" },
};

type Values = ChartSeries["values"];

/** A bucket that is not over yet is drawn apart: what is whole, and the way from it to what is not. */
export function splitAtLast({ values, shape }: ChartSeries, isLastPartial: boolean): [Values, Values] {
  if (!isLastPartial) return [values, values.map(() => null)];
  const last = values.length - 1;
  const tailStart = shape === "bars" ? last : last - 1;
  return [
    values.map((value, index) => (index === last ? null : value)),
    values.map((value, index) => (index >= tailStart ? value : null)),
  ];
}

/** The index of the newest bucket that is over; -1: there is none. */
export function lastWhole(values: Values, isLastPartial: boolean): number {
  return values.length - (isLastPartial ? 2 : 1);
}

/** A series in words, for those who don't see it. */
export function describeSeries(
  { name, values }: ChartSeries,
  index: number,
  format: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${name}: nothing known`;
  const latest = values[index] ?? null;
  const span = `between ${format(Math.min(...known))} and ${format(Math.max(...known))}`;
  return latest === null ? `${name}: ${span}` : `${name}: ${format(latest)}, ${span}`;
}
