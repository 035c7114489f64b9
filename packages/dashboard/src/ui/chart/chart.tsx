import { lazy, Suspense, useState } from "react";
import { formatInstant } from "../../lib/format/instants.ts";
import { formatCount } from "../../lib/format/numbers.ts";
import { usePreferences } from "../../lib/preferences.ts";
import { cn } from "../class-names.ts";
import { Dot } from "../dot.tsx";
import { Skeleton } from "../skeleton.tsx";
import { type ChartScale, type ChartSeries, chartTones, describeSeries, lastWhole } from "./chart-series.ts";
import { ChartTable } from "./chart-table.tsx";

const Plot = lazy(async () => ({ default: (await import("./plot.tsx")).Plot }));

export type ChartProps = {
  /** What it shows, for those who don't see it. */
  label: string;
  series: readonly ChartSeries[];
  /** Epoch ms, ascending, one per value. A day or more apart: dates stand at the axis instead of times. */
  timestamps: readonly number[];
  scale?: ChartScale;
  /** Of the plot alone, in pixels. */
  height?: number;
  format?: (value: number) => string;
  /** At the axis, where it should be shorter. */
  formatTick?: (value: number) => string;
  /** The newest bucket is not over: it is drawn dashed and never taken for the current value. */
  isLastPartial?: boolean;
  /** Charts with the same key share their crosshair. */
  syncKey?: string;
};

/** Lines over time with a crosshair, and the same as a table. The library that draws is fetched with the first chart. */
export function Chart(props: ChartProps) {
  const { label, series, timestamps, height = 150, format = formatCount, isLastPartial = false } = props;
  const { timeZone } = usePreferences();
  const [hovered, setHovered] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const whole = lastWhole(
    timestamps.map(() => 0),
    isLastPartial,
  );
  const shown = hovered ?? whole;
  const time = chartTimeStyle(timestamps);
  const structure = series.map(({ name, tone, shape }) => [name, tone, shape]);
  return (
    <figure className="m-0">
      <figcaption className="mb-1.5 flex flex-wrap items-baseline gap-x-2.75 gap-y-1 text-xs text-soft">
        {series.map((one) => (
          <span key={one.name} className="inline-flex items-center gap-1.5">
            <Dot className={chartTones[one.tone].dot} />
            {one.name}
            <span className="tabular text-fg">{valueText(one.values[shown], format)}</span>
          </span>
        ))}
        <span className="ml-auto grid justify-items-end text-faint *:col-start-1 *:row-start-1">
          {hovered !== null && (
            <span className="tabular">
              {formatInstant(timestamps[hovered] ?? 0, time, timeZone)}
              {isLastPartial && hovered === timestamps.length - 1 && " so far"}
            </span>
          )}
          <button
            type="button"
            aria-pressed={isTable}
            aria-label={`${label} as a table`}
            className={cn(
              "rounded-sm underline-offset-2 hover:text-fg hover:underline aria-pressed:text-fg aria-pressed:underline",
              hovered !== null && "invisible",
            )}
            onClick={() => setTable(!isTable)}
          >
            Table
          </button>
        </span>
      </figcaption>
      {isTable ? (
        <ChartTable {...props} format={format} timeStyle={time} height={height} />
      ) : (
        <div
          role="img"
          aria-label={`${label}. ${series.map((one) => describeSeries(one, whole, format)).join("; ")}`}
          style={{ height }}
        >
          <Suspense fallback={<Skeleton className="h-full" />}>
            <Plot
              key={JSON.stringify([props.scale, structure, height, timeZone, props.syncKey, time])}
              {...{ series, timestamps, height, format, isLastPartial, timeZone, timeStyle: time }}
              formatTick={props.formatTick ?? format}
              scale={props.scale ?? "linear"}
              syncKey={props.syncKey}
              onHover={setHovered}
            />
          </Suspense>
        </div>
      )}
    </figure>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}

export type ChartTimeStyle = "minute" | "date";

const aboutADayMs = 20 * 3_600_000;

function chartTimeStyle([first = 0, second = 0]: readonly number[]): ChartTimeStyle {
  return second - first >= aboutADayMs ? "date" : "minute";
}
