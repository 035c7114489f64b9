import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { splitAtLast } from "./chart-series.ts";
import { type PlotSetting, plotOptions } from "./plot-options.ts";

type PlotProps = Omit<PlotSetting, "width"> & { timestamps: readonly number[]; isLastPartial: boolean };

/** The canvas. Its structure stands for as long as it lives (chart.tsx gives it a key); its data change in place. */
export function Plot(props: PlotProps) {
  const { series, timestamps, isLastPartial } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const onHover = useEffectEvent(props.onHover);

  const create = useEffectEvent((parent: HTMLElement) => {
    const setting = { ...props, width: parent.clientWidth, onHover };
    return new uPlot(plotOptions(setting), dataOf(props), parent);
  });

  useLayoutEffect(() => {
    const parent = box.current;
    if (parent === null) return;
    const made = create(parent);
    plot.current = made;
    const stopFollowing = followSurroundings(made, parent);
    return () => {
      stopFollowing();
      plot.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    // Each canvas in a task of its own: four that get new data at once would hold up a page under load.
    const timer = setTimeout(() => plot.current?.setData(dataOf({ series, timestamps, isLastPartial })));
    return () => clearTimeout(timer);
  }, [series, timestamps, isLastPartial]);

  return <div ref={box} className="h-full [&_.u-vt]:border-solid! [&_.u-vt]:border-line-strong!" />;
}

function dataOf({
  series,
  timestamps,
  isLastPartial,
}: Pick<PlotProps, "series" | "timestamps" | "isLastPartial">): uPlot.AlignedData {
  const columns = series.flatMap((one) => splitAtLast(one, isLastPartial).map((values) => [...values]));
  return [[...timestamps], ...columns];
}

/** Its width, and the theme's colours. Answers how to stop. */
function followSurroundings(plot: uPlot, parent: HTMLElement): () => void {
  const sizes = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: plot.height }));
  sizes.observe(parent);
  const themes = new MutationObserver(() => plot.redraw(false, true));
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => {
    sizes.disconnect();
    themes.disconnect();
  };
}
