import type { UseQueryResult } from "@tanstack/react-query";
import type { Throughput } from "@workstream/core";
import { useMemo } from "react";
import { Chart } from "../../ui/chart/chart.tsx";
import { cn } from "../../ui/class-names.ts";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { backpressureWords } from "./backpressure-words.ts";
import { ChartRoom, formatPerMinute, syncKey } from "./chart-look.tsx";
import { backlogPoints, throughputPoints } from "./chart-points.ts";
import type { OpenTasks } from "./charts.tsx";
import { readFlow } from "./flow.ts";

type BackpressurePanelProps = {
  query: UseQueryResult<Throughput>;
  size: number;
  /** Null: not known yet. */
  open: OpenTasks | null;
  className?: string;
};

const height = 118;

/** Whether more comes in than goes out, and what that has piled up. */
export function BackpressurePanel({ query, size, open, className }: BackpressurePanelProps) {
  const minutes = query.data?.metrics;
  const { timestamps, net } = useMemo(() => throughputPoints(minutes ?? [], size), [minutes, size]);
  const backlog = useMemo(
    () => (open === null ? null : backlogPoints(minutes ?? [], size, open.all)),
    [minutes, size, open],
  );
  const flow = minutes ? readFlow(minutes, query.dataUpdatedAt) : null;
  const netSeries = useMemo(
    () => [{ name: "net flow, tasks a minute", tone: "accent", values: net, shape: "bars" }] as const,
    [net],
  );
  const backlogSeries = useMemo(
    () => [{ name: "open tasks", tone: "pending", values: backlog ?? [], shape: "area" }] as const,
    [backlog],
  );
  return (
    <Panel
      title="Backpressure"
      note={flow !== null && open !== null ? backpressureWords(flow, open.pending) : undefined}
      className={cn(className)}
    >
      <QueryView query={query} loading={<ChartRoom />}>
        {() => (
          <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
            <Chart
              label="Net flow: created less completed, failed and cancelled, tasks a minute"
              series={netSeries}
              timestamps={timestamps}
              height={height}
              format={formatPerMinute}
              syncKey={syncKey}
              isLastPartial
            />
            {backlog !== null && (
              <Chart
                label="Open tasks: pending, active and scheduled, reckoned back from now"
                series={backlogSeries}
                timestamps={timestamps}
                height={height}
                syncKey={syncKey}
              />
            )}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}
