import { useQuery } from "@tanstack/react-query";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { cn } from "../../ui/class-names.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { readEdgeRates, sumFlow } from "./flow.ts";
import { LifecycleFlow } from "./lifecycle-flow.tsx";
import { LifecycleFoot } from "./lifecycle-foot.tsx";
import { LiveAge } from "./live-age.tsx";
import { slotsOf } from "./system-facts.ts";
import { useCalmStatus } from "./use-calm-status.ts";

/** Where tasks are, and how many cross from there to there. */
export function LifecyclePanel({ className }: { className?: string }) {
  const live = useCalmStatus();
  const { data: throughput, dataUpdatedAt } = useQuery(taskQueries.throughput(60));
  const { data: fleet } = useQuery(fleetQueries.workers);
  const { data: queues } = useQuery(fleetQueries.queues);
  const rates = throughput ? readEdgeRates(throughput.metrics, dataUpdatedAt) : null;
  if (live.isError && live.data === undefined) {
    return (
      <Panel title="Lifecycle" className={cn(className)}>
        <ErrorState error={live.error} onRetry={() => void live.refetch()} />
      </Panel>
    );
  }
  return (
    <Panel
      title="Lifecycle"
      note="tasks now, and how many move on"
      aside={<LiveAge />}
      className={cn("@container flex flex-col", className)}
      bodyClassName="flex flex-1 flex-col"
    >
      <LifecycleFlow
        status={live.data ?? null}
        rates={rates}
        lastHour={throughput ? sumFlow(throughput.metrics) : null}
        slots={fleet ? slotsOf(fleet) : null}
        nextDueAt={queues?.scheduled.next_due_at ?? null}
      />
      <LifecycleFoot status={live.data ?? null} rates={rates} />
    </Panel>
  );
}
