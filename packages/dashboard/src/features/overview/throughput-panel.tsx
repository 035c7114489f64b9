import type { UseQueryResult } from "@tanstack/react-query";
import type { Throughput } from "@workstream/core";
import { useMemo } from "react";
import { Chart } from "../../ui/chart/chart.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { ChartRoom, chartHeight, formatPerMinute, syncKey } from "./chart-look.tsx";
import { throughputPoints } from "./chart-points.ts";

type ThroughputPanelProps = { query: UseQueryResult<Throughput>; size: number };

export function ThroughputPanel({ query, size }: ThroughputPanelProps) {
  const minutes = query.data?.metrics;
  const points = useMemo(() => throughputPoints(minutes ?? [], size), [minutes, size]);
  const series = useMemo(
    () =>
      [
        { name: "created", tone: "pending", values: points.created },
        { name: "completed", tone: "completed", values: points.completed, shape: "area" },
        { name: "failed", tone: "failed", values: points.failed },
      ] as const,
    [points],
  );
  return (
    <Panel
      title="Throughput"
      note={size === 1 ? "tasks a minute" : `tasks a minute, means of ${size} minutes`}
    >
      <QueryView query={query} loading={<ChartRoom />}>
        {() => (
          <Chart
            label="Throughput, tasks a minute"
            series={series}
            timestamps={points.timestamps}
            height={chartHeight}
            format={formatPerMinute}
            syncKey={syncKey}
            isLastPartial
          />
        )}
      </QueryView>
    </Panel>
  );
}
