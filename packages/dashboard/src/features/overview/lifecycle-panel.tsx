import { useQuery } from "@tanstack/react-query";
import { formatAge } from "../../lib/format/durations.ts";
import { formatCompact, formatShare } from "../../lib/format/numbers.ts";
import { useLiveStatus } from "../../lib/live/use-live.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { taskStateLook } from "../../lib/task-state-look.ts";
import { useNow } from "../../lib/use-now.ts";
import { Bar } from "../../ui/bar.tsx";
import { cn } from "../../ui/class-names.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { readEdgeRates, sumFlow } from "./flow.ts";
import { FlowEdge } from "./flow-edge.tsx";
import { FlowNode } from "./flow-node.tsx";
import { LifecycleFoot } from "./lifecycle-foot.tsx";
import { LiveAge } from "./live-age.tsx";
import { type Slots, slotsOf } from "./system-facts.ts";

const inState = (state: string) => ({ to: "/tasks", search: { q: `status:${state}` } }) as const;

/** Where tasks are, and how many cross from there to there. */
export function LifecyclePanel({ className }: { className?: string }) {
  const live = useLiveStatus();
  const { data: throughput } = useQuery(taskQueries.throughput(60));
  const { data: fleet } = useQuery(fleetQueries.workers);
  const { data: queues } = useQuery(fleetQueries.queues);
  const states = live.data?.states ?? null;
  const rates = throughput ? readEdgeRates(throughput.metrics) : null;
  const hour = throughput ? sumFlow(throughput.metrics) : null;
  const slots = fleet ? slotsOf(fleet) : null;
  const retries = live.data?.queues.retry ?? 0;
  if (live.isError && states === null) {
    return (
      <Panel title="Lifecycle" className={cn(className)}>
        <ErrorState error={live.error} onRetry={() => void live.refetch()} />
      </Panel>
    );
  }
  return (
    <Panel
      title="Lifecycle"
      note="tasks now; at each edge how many crossed it in the last full minute"
      aside={<LiveAge />}
      className={cn("@container flex flex-col", className)}
      bodyClassName="flex flex-1 flex-col"
    >
      <div className="grid flex-1 grid-cols-2 gap-2.5 @2xl:grid-rows-[minmax(0,1fr)_auto_minmax(0,1fr)] @2xl:grid-cols-[minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)] @2xl:gap-0">
        <FlowNode
          label="Submitted"
          dot="bg-accent"
          count={hour?.created ?? null}
          detail="in the last hour"
          opens="All tasks, the newest first"
          link={{ to: "/tasks" }}
        />
        <FlowEdge tone="accent" toward="right" rate={rates?.created ?? null} label="Created" />
        <FlowNode
          label="Pending"
          dot={taskStateLook.PENDING.dot}
          count={states?.PENDING ?? null}
          detail={retries > 0 ? `${formatCompact(retries)} are retries` : null}
          opens="Tasks that wait in their queues"
          link={inState("PENDING")}
        />
        <FlowEdge
          tone="pending"
          toward="right"
          rate={rates && rates.completed + rates.failed + rates.buried + rates.retried}
          label="Attempts that ended"
        />
        <FlowNode
          label="Active"
          dot={taskStateLook.ACTIVE.dot}
          count={states?.ACTIVE ?? null}
          detail={slots && <SlotsInUse slots={slots} />}
          opens="Tasks that run"
          link={inState("ACTIVE")}
        />
        <FlowEdge tone="completed" toward="right" rate={rates?.completed ?? null} label="Completed" />
        <FlowNode
          label="Completed"
          dot={taskStateLook.COMPLETED.dot}
          count={states?.COMPLETED ?? null}
          detail={hour?.succeeded == null ? null : `${formatShare(hour.succeeded)} succeed`}
          opens="Completed tasks that are kept"
          link={inState("COMPLETED")}
        />

        <FlowEdge
          tone="scheduled"
          toward="up"
          rate={rates?.promoted ?? null}
          label="Scheduled tasks that became due"
          className="@2xl:col-start-3"
        />
        <FlowEdge
          tone="failed"
          toward="down"
          rate={rates && rates.failed + rates.buried + rates.retried}
          label="Attempts that failed"
          className="@2xl:col-start-5"
        />

        <FlowNode
          label="Scheduled"
          dot={taskStateLook.SCHEDULED.dot}
          count={states?.SCHEDULED ?? null}
          detail={<NextDue at={queues?.scheduled.next_due_at ?? null} />}
          opens="Tasks that wait for their time: delayed, backing off or parked"
          link={inState("SCHEDULED")}
          className="@2xl:col-start-3"
        />
        <FlowEdge tone="scheduled" toward="left" rate={rates?.retried ?? null} label="To be retried" />
        <FlowNode
          label="Failed attempts"
          dot={taskStateLook.FAILED.dot}
          count={hour?.failedAttempts ?? null}
          detail="in the last hour"
          opens="Tasks that failed for good"
          link={inState("FAILED")}
        />
        <FlowEdge tone="dlq" toward="right" rate={rates?.buried ?? null} label="Buried" />
        <FlowNode
          label="Dead letters"
          dot={taskStateLook.DLQ.dot}
          count={states?.DLQ ?? null}
          detail={hour && hour.buried > 0 ? `+${formatCompact(hour.buried)} this hour` : null}
          opens="What gave up, by cause"
          link={{ to: "/dead-letters" }}
        />
      </div>
      <LifecycleFoot status={live.data ?? null} rates={rates} />
    </Panel>
  );
}

function SlotsInUse({ slots: { used, all } }: { slots: Slots }) {
  return (
    <>
      <Bar value={used} max={all} label="Slots in use" tone="bg-active" className="mr-1.75 w-9" />
      of {formatCompact(all)} slots
    </>
  );
}

function NextDue({ at }: { at: string | null }) {
  const now = useNow(1_000);
  if (at === null) return null;
  const inMs = Date.parse(at) - now;
  return inMs <= 0 ? "due now" : `next in ${formatAge(inMs)}`;
}
