import { useQuery } from "@tanstack/react-query";
import { formatCompact } from "../lib/format/numbers.ts";
import { useLiveStatus } from "../lib/live/use-live.ts";
import { fleetQueries } from "../lib/queries/fleet-queries.ts";
import { Dot } from "../ui/dot.tsx";

/** What a screen has to say before it is opened; else the keys that open it. */
export function NavCount({ to, keys }: { to: string; keys: string }) {
  if (to === "/dead-letters") return <DeadLetterCount keys={keys} />;
  if (to === "/dependencies") return <DependencyMark keys={keys} />;
  if (to === "/workers") return <WorkerCount keys={keys} />;
  return <Keys keys={keys} />;
}

function Keys({ keys }: { keys: string }) {
  return (
    <span aria-hidden="true" className="text-2xs text-faint">
      {keys}
    </span>
  );
}

function DeadLetterCount({ keys }: { keys: string }) {
  const { data } = useLiveStatus();
  const count = data?.states.DLQ ?? 0;
  if (count === 0) return <Keys keys={keys} />;
  return <span className="tabular text-xs text-dlq-fg">{formatCompact(count)}</span>;
}

function DependencyMark({ keys }: { keys: string }) {
  const { data } = useQuery(fleetQueries.services);
  const troubled =
    data?.services.filter(({ state, limiter }) => state !== "closed" || limiter?.held_until) ?? [];
  if (troubled.length === 0) return <Keys keys={keys} />;
  return (
    <>
      <span className="sr-only">{troubled.map(({ service }) => service).join(", ")} in trouble</span>
      <Dot className="bg-failed" />
    </>
  );
}

function WorkerCount({ keys }: { keys: string }) {
  const { data } = useQuery(fleetQueries.workers);
  if (data === undefined) return <Keys keys={keys} />;
  return <span className="tabular text-xs text-faint">{data.healthy_workers}</span>;
}
