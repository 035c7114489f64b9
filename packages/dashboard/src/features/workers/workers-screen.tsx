import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { WorkerFleet } from "@workstream/core";
import { ServerOff } from "lucide-react";
import { countOf, formatCount } from "../../lib/format/numbers.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { WorkerTable } from "./worker-table.tsx";

/** Who runs what, and whether they are well. */
export function WorkersScreen() {
  const fleet = useQuery(fleetQueries.workers);
  const { worker: openId } = useSearch({ from: "/workers" });
  const navigate = useNavigate({ from: "/workers" });
  const toggle = (workerId: string) =>
    void navigate({ search: { worker: workerId === openId ? undefined : workerId }, replace: true });
  return (
    <>
      <PageHeader
        title={fleet.data ? headline(fleet.data) : "Workers"}
        documentTitle="Workers"
        summary={fleet.data && summary(fleet.data)}
      />
      <Panel>
        <QueryView
          query={fleet}
          isEmpty={({ worker_details: workers }) => workers.length === 0}
          empty={<NoWorkers />}
        >
          {({ worker_details: workers }) => (
            <WorkerTable workers={sorted(workers)} openId={openId} onToggle={toggle} />
          )}
        </QueryView>
      </Panel>
    </>
  );
}

function NoWorkers() {
  const command = "npx workstream worker";
  return (
    <EmptyState icon={<ServerOff />} title="No worker was seen in the last hour">
      Tasks are accepted and wait. Start one, on this machine or any other that reaches the store:
      <span className="mt-3 flex items-center justify-center gap-1">
        <code className="rounded-md bg-raised px-2 py-1">{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </span>
    </EmptyState>
  );
}

function headline({
  healthy_workers: healthy,
  stale_workers: stale,
  total_workers: total,
}: WorkerFleet): string {
  if (total === 0) return "No workers";
  if (healthy === 0) return "No worker is alive";
  if (stale > 0) return `${countOf(healthy, "worker")} healthy, ${formatCount(stale)} silent`;
  return healthy === total
    ? `${countOf(healthy, "worker")}, all healthy`
    : `${countOf(healthy, "worker")} healthy`;
}

function summary({ worker_details: workers }: WorkerFleet): string | null {
  const alive = workers.filter(({ status }) => status !== "stale");
  if (alive.length === 0) return null;
  const sum = (pick: (worker: (typeof alive)[number]) => number) =>
    alive.reduce((total, worker) => total + pick(worker), 0);
  const used = formatCount(sum((worker) => worker.active_tasks));
  return `${used} of ${countOf(
    sum((worker) => worker.concurrency),
    "slot",
  )} in use · ${countOf(
    sum((worker) => worker.completed),
    "task",
  )} completed since they started`;
}

const order = { stale: 0, draining: 1, healthy: 2 } as const;

function sorted(workers: WorkerFleet["worker_details"]): WorkerFleet["worker_details"] {
  return [...workers].sort(
    (a, b) => order[a.status] - order[b.status] || a.worker_name.localeCompare(b.worker_name),
  );
}
