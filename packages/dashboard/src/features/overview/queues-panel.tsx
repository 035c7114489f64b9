import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { QueueOverview } from "@workstream/core";
import { formatAge } from "../../lib/format/durations.ts";
import { formatCount } from "../../lib/format/numbers.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Table, Td, Th } from "../../ui/table.tsx";
import { useMayOperate, usePauseQueue } from "./use-pause-queue.ts";

export function QueuesPanel({ className }: { className?: string }) {
  const query = useQuery(fleetQueries.queues);
  const mayOperate = useMayOperate();
  return (
    <Panel title="Queues" className={cn(className)}>
      <QueryView query={query}>
        {({ queues }) => (
          <Table aria-label="What waits in each queue">
            <thead>
              <tr>
                <Th>Queue</Th>
                <Th isNumber>Waiting</Th>
                <Th isNumber>Oldest</Th>
                <Th isNumber className="hidden sm:table-cell">
                  Workers
                </Th>
                {mayOperate && (
                  <Th>
                    <span className="sr-only">Pause or resume</span>
                  </Th>
                )}
              </tr>
            </thead>
            <tbody>
              {queues.map((queue) => (
                <QueueRow key={queue.queue} queue={queue} mayOperate={mayOperate} />
              ))}
            </tbody>
          </Table>
        )}
      </QueryView>
    </Panel>
  );
}

function QueueRow({ queue, mayOperate }: { queue: QueueOverview; mayOperate: boolean }) {
  const { queue: name, waiting, paused, workers, oldest_waiting_seconds: oldest } = queue;
  const lanes = laneWords(queue);
  return (
    <tr>
      <Td>
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to="/tasks"
            search={{ q: name === "retry" ? "status:PENDING" : `status:PENDING queue:${name}` }}
            className="font-medium hover:underline"
          >
            {name}
          </Link>
          {paused && <span className="text-xs text-failed-fg">paused</span>}
          {lanes !== null && <span className="tabular text-xs text-faint">{lanes}</span>}
        </span>
      </Td>
      <Td isNumber>{formatCount(waiting)}</Td>
      <Td isNumber className="whitespace-nowrap">
        {oldest === null ? "–" : formatAge(oldest * 1000)}
      </Td>
      <Td isNumber className={cn("hidden sm:table-cell", workers === 0 && waiting > 0 && "text-danger")}>
        {workers === 0 ? "none" : workers}
      </Td>
      {mayOperate && (
        <Td className="text-right">{name !== "retry" && <PauseButton name={name} isPaused={paused} />}</Td>
      )}
    </tr>
  );
}

function PauseButton({ name, isPaused }: { name: string; isPaused: boolean }) {
  const pause = usePauseQueue();
  const verb = isPaused ? "Resume" : "Pause";
  return (
    <Button
      size="sm"
      aria-label={`${verb} ${name}`}
      disabled={pause.isPending}
      onClick={() => pause.mutate({ queue: name, paused: !isPaused })}
    >
      {verb}
    </Button>
  );
}

/** Null where nothing is out of the ordinary. */
function laneWords({ lanes: { high, low } }: QueueOverview): string | null {
  const parts = [high > 0 && `${formatCount(high)} high`, low > 0 && `${formatCount(low)} low`];
  const told = parts.filter((part) => part !== false);
  return told.length === 0 ? null : told.join(", ");
}
