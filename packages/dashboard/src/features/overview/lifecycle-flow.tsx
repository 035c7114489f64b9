import { formatAge } from "../../lib/format/durations.ts";
import { formatCompact, formatShare } from "../../lib/format/numbers.ts";
import type { LiveStatus } from "../../lib/live/live-state.ts";
import { taskStateLook } from "../../lib/task-state-look.ts";
import { useNow } from "../../lib/use-now.ts";
import { Bar } from "../../ui/bar.tsx";
import type { EdgeRates, FlowTotals } from "./flow.ts";
import { FlowEdge } from "./flow-edge.tsx";
import { FlowNode } from "./flow-node.tsx";
import type { Slots } from "./system-facts.ts";

type LifecycleFlowProps = {
  /** Null, each of these: not known yet. */
  status: LiveStatus | null;
  rates: EdgeRates | null;
  lastHour: FlowTotals | null;
  slots: Slots | null;
  nextDueAt: string | null;
};

const inState = (state: string) => ({ to: "/tasks", search: { q: `status:${state}` } }) as const;

/** Nodes and edges as cells of one grid, which needs no library to lay out, and no edges where there is no room for them. */
export function LifecycleFlow({ status, rates, lastHour: hour, slots, nextDueAt }: LifecycleFlowProps) {
  const states = status?.states ?? null;
  const retries = status?.queues.retry ?? 0;
  const failing = rates && rates.failed + rates.buried + rates.retried;
  return (
    <div className="grid flex-1 grid-cols-2 gap-2.5 @xl:grid-rows-[minmax(0,1fr)_auto_minmax(0,1fr)] @xl:grid-cols-[minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)_minmax(2.75rem,0.5fr)_minmax(0,1.15fr)] @xl:gap-0">
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
        arriving={rates?.created ?? null}
        count={states?.PENDING ?? null}
        detail={retries > 0 ? `${formatCompact(retries)} are retries` : null}
        opens="Tasks that wait in their queues"
        link={inState("PENDING")}
      />
      <FlowEdge
        tone="pending"
        toward="right"
        rate={rates?.attempts ?? null}
        isMoving={(states?.ACTIVE ?? 0) > 0}
        label="Attempts that ended; about as many began"
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
        arriving={rates?.completed ?? null}
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
        className="@xl:col-start-3"
      />
      <FlowEdge
        tone="failed"
        toward="down"
        rate={failing}
        label="Attempts that failed"
        className="@xl:col-start-5"
      />

      <FlowNode
        label="Scheduled"
        dot={taskStateLook.SCHEDULED.dot}
        arriving={rates?.retried ?? null}
        count={states?.SCHEDULED ?? null}
        detail={<NextDue at={nextDueAt} />}
        opens="Tasks that wait for their time: delayed, backing off or parked"
        link={inState("SCHEDULED")}
        className="@xl:col-start-3"
      />
      <FlowEdge tone="scheduled" toward="left" rate={rates?.retried ?? null} label="To be retried" />
      <FlowNode
        label="Failures"
        dot={taskStateLook.FAILED.dot}
        arriving={failing}
        count={hour?.failedAttempts ?? null}
        detail="in the last hour"
        opens="Tasks that failed for good"
        link={inState("FAILED")}
      />
      <FlowEdge tone="dlq" toward="right" rate={rates?.buried ?? null} label="Buried" />
      <FlowNode
        label="Dead letters"
        dot={taskStateLook.DLQ.dot}
        arriving={rates?.buried ?? null}
        count={states?.DLQ ?? null}
        detail={hour && hour.buried > 0 ? `+${formatCompact(hour.buried)} this hour` : null}
        opens="What gave up, by cause"
        link={{ to: "/dead-letters" }}
        className="col-span-2 @xl:col-span-1"
      />
    </div>
  );
}

function SlotsInUse({ slots: { used, all } }: { slots: Slots }) {
  return (
    <>
      <Bar
        value={used}
        max={all}
        label="Slots in use"
        tone="bg-active"
        className="mr-1.75 inline-block w-9 @xl:hidden @2xl:inline-block"
      />
      of {formatCompact(all)} slots
    </>
  );
}

function NextDue({ at }: { at: string | null }) {
  const now = useNow(1_000);
  if (at === null) return "\u00a0";
  const inMs = Date.parse(at) - now;
  return inMs < 1_000 ? "due now" : `next in ${formatAge(inMs)}`;
}
