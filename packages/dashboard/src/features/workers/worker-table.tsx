import type { WorkerDetail } from "@workstream/core";
import { ChevronRight } from "lucide-react";
import { Fragment } from "react";
import { formatAge } from "../../lib/format/durations.ts";
import { formatBytes, formatCount } from "../../lib/format/numbers.ts";
import { Bar } from "../../ui/bar.tsx";
import { cn } from "../../ui/class-names.ts";
import { Table, Td, Th } from "../../ui/table.tsx";
import { RunningTasks } from "./running-tasks.tsx";
import { WorkerStatusBadge } from "./worker-status-badge.tsx";

/** A loop that lags more than this answers late and may lose leases. */
const highLagMs = 200;

type WorkerTableProps = {
  workers: readonly WorkerDetail[];
  openId: string | undefined;
  onToggle: (workerId: string) => void;
};

export function WorkerTable({ workers, openId, onToggle }: WorkerTableProps) {
  return (
    <Table aria-label="Workers">
      <thead>
        <tr>
          <Th>Worker</Th>
          <Th>Status</Th>
          <Th>Slots</Th>
          <Th isNumber>Loop lag</Th>
          <Th isNumber>Memory</Th>
          <Th isNumber>Completed</Th>
          <Th isNumber>Failed</Th>
          <Th isNumber>Heard</Th>
          <Th>Version</Th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <Fragment key={worker.worker_id}>
            <WorkerRow
              worker={worker}
              isOpen={worker.worker_id === openId}
              onToggle={() => onToggle(worker.worker_id)}
            />
            {worker.worker_id === openId && (
              <tr>
                <td colSpan={9} className="pb-3">
                  <RunningTasks worker={worker} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </Table>
  );
}

type WorkerRowProps = { worker: WorkerDetail; isOpen: boolean; onToggle: () => void };

function WorkerRow({ worker, isOpen, onToggle }: WorkerRowProps) {
  const isSilent = worker.status === "stale";
  return (
    <tr className={cn(isSilent && "text-faint")}>
      <Td>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className="flex items-center gap-1.5 rounded-sm text-left font-mono text-xs hover:text-accent"
        >
          <ChevronRight
            className={cn("size-3.5 shrink-0 text-faint", isOpen && "rotate-90")}
            aria-hidden="true"
          />
          <span className="whitespace-nowrap">
            {worker.hostname}:{worker.pid}
          </span>
        </button>
      </Td>
      <Td>
        <WorkerStatusBadge status={worker.status} />
      </Td>
      <Td>
        <span className="flex items-center gap-2">
          <Bar
            value={worker.active_tasks}
            max={worker.concurrency}
            label={`Slots of ${worker.worker_name} in use`}
            tone={isSilent ? "bg-cancelled" : "bg-active"}
            className="max-sm:hidden"
          />
          <span className="tabular whitespace-nowrap">
            {worker.active_tasks} <span className="text-faint">of {worker.concurrency}</span>
            {worker.high_priority_slots > 0 && (
              <span className="block text-xs text-faint">
                {worker.high_priority_slots} kept for high priority
              </span>
            )}
          </span>
        </span>
      </Td>
      <Td isNumber className={cn(worker.event_loop_lag_ms >= highLagMs && "text-failed-fg")}>
        {formatCount(worker.event_loop_lag_ms)} ms
      </Td>
      <Td isNumber>{formatBytes(worker.memory_bytes)}</Td>
      <Td isNumber>{formatCount(worker.completed)}</Td>
      <Td isNumber>{formatCount(worker.failed)}</Td>
      <Td isNumber className="whitespace-nowrap">
        {formatAge(worker.heartbeat_age_seconds * 1000)} ago
      </Td>
      <Td className="text-faint">{worker.version}</Td>
    </tr>
  );
}
