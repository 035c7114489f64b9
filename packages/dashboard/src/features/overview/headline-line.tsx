import { formatDuration } from "../../lib/format/durations.ts";
import { formatCount } from "../../lib/format/numbers.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { rateText } from "./flow-words.ts";
import { consumingWorkers, oldestSeconds, type SystemFacts } from "./system-facts.ts";

/** The figures under the headline. What is not known is left out. */
export function HeadlineLine({ status, queues, flow, fleet }: SystemFacts) {
  if (status === null) return <Skeleton className="my-0.5 w-72 max-w-full" />;
  const oldest = queues === null ? null : oldestSeconds(queues);
  return (
    <p className="tabular flex flex-wrap gap-x-1">
      <span>
        <Figure>{formatCount(status.states.PENDING)}</Figure> waiting
        {oldest !== null && `, the oldest for ${formatDuration(oldest * 1000)}`}
        {(flow !== null || fleet !== null) && " ·"}
      </span>
      {flow !== null && (
        <span>
          <Figure>{rateText(flow.in)}</Figure> in, <Figure>{rateText(flow.out)}</Figure> out
          {fleet !== null && " ·"}
        </span>
      )}
      {fleet !== null && (
        <span>
          {consumingWorkers(fleet).length} of {fleet.total_workers}{" "}
          {fleet.total_workers === 1 ? "worker" : "workers"} consuming
        </span>
      )}
    </p>
  );
}

function Figure({ children }: { children: string }) {
  return <strong className="font-semibold text-fg">{children}</strong>;
}
