import type { UseQueryResult } from "@tanstack/react-query";
import type { Latency } from "@workstream/core";
import { useMemo } from "react";
import { Chart } from "../../ui/chart/chart.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ChartRoom, chartHeight, formatSeconds, formatSecondsTick, syncKey } from "./chart-look.tsx";
import { latencyPoints, type Percentile } from "./chart-points.ts";

const options = [
  { value: "p50", label: "p50" },
  { value: "p95", label: "p95" },
  { value: "p99", label: "p99" },
] as const;

type LatencyPanelProps = {
  query: UseQueryResult<Latency>;
  size: number;
  percentile: Percentile;
  onPercentile: (percentile: Percentile) => void;
};

export function LatencyPanel({ query, size, percentile, onPercentile }: LatencyPanelProps) {
  const minutes = query.data?.metrics;
  const points = useMemo(() => latencyPoints(minutes ?? [], size, percentile), [minutes, size, percentile]);
  const series = useMemo(
    () =>
      [
        { name: "waiting", tone: "scheduled", values: points.waiting },
        { name: "running", tone: "active", values: points.running },
      ] as const,
    [points],
  );
  const isEmpty = points.waiting.every((value) => value === null);
  return (
    <Panel
      title="Latency"
      note={size === 1 ? "log scale; waiting and running apart" : `log scale; the slowest of ${size} minutes`}
      aside={
        <div className="-my-1">
          <Segmented label="Percentile" value={percentile} options={options} onChange={onPercentile} />
        </div>
      }
    >
      <QueryView query={query} loading={<ChartRoom />}>
        {() =>
          isEmpty ? (
            <p className="grid place-items-center text-sm text-soft" style={{ height: chartHeight + 24 }}>
              Nothing completed in this time.
            </p>
          ) : (
            <Chart
              label={`Latency, ${percentile}, of tasks that completed`}
              series={series}
              timestamps={points.timestamps}
              scale="log"
              height={chartHeight}
              format={formatSeconds}
              formatTick={formatSecondsTick}
              syncKey={syncKey}
              isLastPartial
            />
          )
        }
      </QueryView>
    </Panel>
  );
}
