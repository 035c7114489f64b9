import uPlot from "uplot";
import { formatInstant } from "../../lib/format/instants.ts";
import type { ChartTimeStyle } from "./chart.tsx";
import { type ChartScale, type ChartSeries, type ChartTone, chartTones } from "./chart-series.ts";

export type PlotSetting = {
  series: readonly ChartSeries[];
  scale: ChartScale;
  width: number;
  height: number;
  timeZone: string;
  timeStyle: ChartTimeStyle;
  syncKey: string | undefined;
  formatTick: (value: number) => string;
  onHover: (index: number | null) => void;
};

const font = '11px "Inter Variable", system-ui, sans-serif';

/** Colours are asked for at each drawing, so that a change of theme needs nothing but a redraw. */
export function plotOptions(setting: PlotSetting): uPlot.Options {
  const { width, height, timeZone, syncKey, scale } = setting;
  return {
    width,
    height,
    ms: 1,
    padding: [8, 17, 0, 0],
    legend: { show: false },
    ...(timeZone !== "local" && { tzDate: (at) => uPlot.tzDate(new Date(at), timeZone) }),
    scales: {
      ...(setting.series.some(({ shape }) => shape === "bars") && { x: { range: rangeWithBars } }),
      y: scale === "log" ? { distr: 3, log: 10, range: logRange } : { range: linearRange },
    },
    axes: [timeAxis(setting), valueAxis(setting)],
    series: [{}, ...setting.series.flatMap((series) => [whole(series), partial(series)])],
    cursor: {
      y: false,
      drag: { setScale: false, x: false },
      points: { size: 7, width: 2 },
      ...(syncKey !== undefined && { sync: { key: syncKey, setSeries: false } }),
    },
    hooks: { setCursor: [({ cursor: { idx } }) => setting.onHover(idx ?? null)] },
  };
}

function color(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

function translucent(tone: ChartTone, alpha: number): string {
  return color(chartTones[tone].variable).replace(/\)$/, ` / ${alpha})`);
}

function bars(stroke: () => string, fill: () => string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 });
  return { stroke, fill, width: 0, points: { show: false }, ...(paths && { paths }) };
}

function whole({ tone, shape }: ChartSeries): uPlot.Series {
  const stroke = () => color(chartTones[tone].variable);
  if (shape === "bars") return bars(stroke, stroke);
  const line = { stroke, width: 1.7, points: lonePoints(stroke) };
  return shape === "area" ? { ...line, fill: () => translucent(tone, 0.09) } : line;
}

function partial({ tone, shape }: ChartSeries): uPlot.Series {
  const stroke = () => color(chartTones[tone].variable);
  if (shape === "bars") return bars(stroke, () => translucent(tone, 0.45));
  const dashed = { stroke, width: 1.7, points: lonePoints(stroke), dash: [3, 4] };
  return shape === "area" ? { ...dashed, fill: () => translucent(tone, 0.05) } : dashed;
}

/** A value between two unknown ones makes no line: it is drawn as a point. */
function lonePoints(stroke: () => string): uPlot.Series.Points {
  const isKnown = (value: unknown) => typeof value === "number";
  return {
    show: true,
    size: 4,
    width: 0,
    fill: stroke,
    filter: ({ data }, index) => {
      const values = data[index] ?? [];
      return [...values.keys()].filter(
        (at) => isKnown(values[at]) && !isKnown(values[at - 1]) && !isKnown(values[at + 1]),
      );
    },
  };
}

const axisLook = { stroke: () => color("--faint"), font, ticks: { show: false }, gap: 5 };

function timeAxis({ timeZone, timeStyle }: PlotSetting): uPlot.Axis {
  return {
    ...axisLook,
    size: 24,
    space: timeStyle === "date" ? 90 : 64,
    grid: { show: false },
    values: (_, splits) => splits.map((at) => formatInstant(at, timeStyle, timeZone)),
  };
}

function valueAxis({ scale, formatTick, series }: PlotSetting): uPlot.Axis {
  const isWhole = series.every(({ values }) => values.every((value) => Number.isInteger(value ?? 0)));
  const isKept = (value: number) =>
    scale === "log"
      ? Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6)
      : !isWhole || value % 1 === 0;
  const filter: uPlot.Axis.Filter = (_, splits) => splits.map((value) => (isKept(value) ? value : null));
  return {
    ...axisLook,
    space: 30,
    size: (_, labels) => 12 + 6.4 * Math.max(2, ...(labels ?? []).map((text) => text?.length ?? 0)),
    grid: { stroke: () => color("--line"), width: 1, filter },
    filter,
    values: (_, splits) => splits.map((value) => (value === null ? "" : formatTick(value))),
  };
}

/** Half a bucket more at either end, so that the first bar and the last are whole. */
const rangeWithBars: uPlot.Range.Function = ({ data: [times] }, min, max) => {
  const half = ((times[1] ?? 0) - (times[0] ?? 0)) / 2;
  return [min - half, max + half];
};

const linearRange: uPlot.Range.Function = (_, min, max) => {
  const [low, high] = [Math.min(0, min ?? 0), Math.max(0, max ?? 0)];
  if (low === high) return [0, 1];
  return uPlot.rangeNum(low, high, {
    min: { pad: 0.08, soft: 0, mode: 1 },
    max: { pad: 0.08, soft: 0, mode: 1 },
  });
};

/** Whole decades; where nothing is known, those of everyday seconds. */
const logRange: uPlot.Range.Function = (_, min, max) =>
  min === null || max === null || max <= 0
    ? [0.1, 10]
    : uPlot.rangeLog(min, Math.max(max, min * 2), 10, true);
