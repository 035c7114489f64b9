import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { liveStatusQuery } from "../../lib/live/live-feed.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { BackpressurePanel } from "./backpressure-panel.tsx";
import { chartHours, minutesInPoint, type Percentile, parseHours } from "./chart-points.ts";
import { LatencyPanel } from "./latency-panel.tsx";
import { ThroughputPanel } from "./throughput-panel.tsx";

const hourOptions = chartHours.map((hours) => ({ value: String(hours), label: `${hours} h` }));

/** What happened over the last hours. */
export function Charts() {
  const hours = parseHours(useSearch({ from: "/" }).hours);
  const navigate = useNavigate({ from: "/" });
  const [percentile, setPercentile] = useState<Percentile>("p95");
  const throughput = useQuery(taskQueries.throughput(hours * 60));
  const latency = useQuery(taskQueries.latency(hours * 60));
  const open = useOpenTasks(throughput.dataUpdatedAt);
  const size = minutesInPoint[hours];
  const choose = (value: string) =>
    void navigate({ search: value === "1" ? {} : { hours: value }, replace: true, resetScroll: false });
  return (
    <section aria-labelledby="over-time" className="grid grid-cols-1 gap-3.5 lg:grid-cols-2">
      <div className="flex items-center justify-between gap-3 pt-2 lg:col-span-2">
        <h2 id="over-time" className="text-sm font-semibold">
          Over time
        </h2>
        <Segmented label="Hours shown" value={String(hours)} options={hourOptions} onChange={choose} />
      </div>
      <ThroughputPanel query={throughput} size={size} />
      <LatencyPanel query={latency} size={size} percentile={percentile} onPercentile={setPercentile} />
      <BackpressurePanel query={throughput} size={size} open={open} className="lg:col-span-2" />
    </section>
  );
}

export type OpenTasks = { pending: number; all: number };

/** As they were when the minutes were read: charts don't follow every single event. */
function useOpenTasks(readAt: number): OpenTasks | null {
  const queries = useQueryClient();
  const { data: isKnown } = useQuery({ ...liveStatusQuery, select: () => true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the snapshot belongs to the reading
  return useMemo(() => {
    const states = queries.getQueryData(liveStatusQuery.queryKey)?.states;
    if (states === undefined) return null;
    return { pending: states.PENDING, all: states.PENDING + states.ACTIVE + states.SCHEDULED };
  }, [readAt, isKnown]);
}
