import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { WorkerDetail, WorkerFleet } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { formatCount } from "../../lib/format/numbers.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { Bar } from "../../ui/bar.tsx";
import { cn } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Table, Td, Th } from "../../ui/table.tsx";
import { lagLimitMs } from "./attention-workers.ts";
import { busiestWorkers } from "./busiest-workers.ts";
import { slotsOf } from "./system-facts.ts";

const shownAtMost = 5;

export function WorkersPanel({ className }: { className?: string }) {
  const query = useQuery(fleetQueries.workers);
  return (
    <Panel
      title="Workers"
      note={query.data && fleetWords(query.data)}
      aside={query.data && slotWords(query.data)}
      className={cn(className)}
    >
      <QueryView query={query} isEmpty={({ total_workers }) => total_workers === 0} empty={<NoWorkers />}>
        {({ worker_details: workers }) => (
          <>
            <Table aria-label="The busiest workers">
              <thead>
                <tr>
                  <Th>Worker</Th>
                  <Th>Slots</Th>
                  <Th isNumber>Lag</Th>
                  <Th isNumber className="hidden sm:table-cell">
                    Done
                  </Th>
                  <Th isNumber>Failed</Th>
                </tr>
              </thead>
              <tbody>
                {busiestWorkers(workers, shownAtMost).map((worker) => (
                  <WorkerRow key={worker.worker_id} worker={worker} />
                ))}
              </tbody>
            </Table>
            {workers.length > shownAtMost && (
              <p className="mt-2.5 text-xs">
                <Link to="/workers" className="text-accent hover:underline">
                  All {formatCount(workers.length)} workers
                </Link>
              </p>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function WorkerRow({ worker }: { worker: WorkerDetail }) {
  const { worker_id: id, worker_name: name, status, active_tasks: used, concurrency } = worker;
  const isLagging = worker.event_loop_lag_ms > lagLimitMs;
  return (
    <tr>
      <Td>
        <Link
          to="/workers"
          search={{ worker: id }}
          className="block max-w-34 truncate sm:max-w-48 font-mono text-xs hover:underline"
          title={name}
        >
          {name}
        </Link>
        {status !== "healthy" && (
          <span className="text-xs text-failed-fg">
            {status === "stale" ? "silent" : "draining"}
            {status === "stale" && ` for ${formatDuration(worker.heartbeat_age_seconds * 1000)}`}
          </span>
        )}
      </Td>
      <Td className="tabular whitespace-nowrap">
        <Bar
          value={used}
          max={concurrency}
          label={`Slots of ${name}`}
          tone={isLagging || status !== "healthy" ? "bg-failed" : "bg-active"}
          className="mr-2 hidden w-16 sm:inline-block"
        />
        {used} <span className="text-faint">of {concurrency}</span>
      </Td>
      <Td isNumber className={cn("whitespace-nowrap", isLagging && "text-failed-fg")}>
        {formatDuration(worker.event_loop_lag_ms)}
      </Td>
      <Td isNumber className="hidden sm:table-cell">
        {formatCount(worker.completed)}
      </Td>
      <Td isNumber>{formatCount(worker.failed)}</Td>
    </tr>
  );
}

function NoWorkers() {
  return (
    <EmptyState title="No worker is alive">
      Tasks are accepted and wait. Start one beside the gateway: <code>workstream worker</code>
    </EmptyState>
  );
}

function fleetWords({
  healthy_workers: healthy,
  stale_workers: stale,
  total_workers: total,
}: WorkerFleet): string {
  const draining = total - healthy - stale;
  const parts = [
    `${healthy} healthy`,
    ...(draining > 0 ? [`${draining} draining`] : []),
    ...(stale > 0 ? [`${stale} silent`] : []),
  ];
  return parts.join(", ");
}

function slotWords(fleet: WorkerFleet): string {
  const { used, all } = slotsOf(fleet);
  return `${used} of ${all} slots`;
}
