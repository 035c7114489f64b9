import type { GuardedServiceView, LimiterOnWire } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { formatCount, formatPace } from "../../lib/format/numbers.ts";
import { useNow } from "../../lib/use-now.ts";
import { Bar } from "../../ui/bar.tsx";
import { LimitDialog } from "./limit-dialog.tsx";

/** How fast it may be called, what is left now, and who waits. */
export function LimiterFacts({ service }: { service: GuardedServiceView }) {
  const { limiter } = service;
  return (
    <div>
      <p className="flex items-center gap-2 text-xs text-faint">
        Limit <LimitDialog service={service} />
      </p>
      {limiter === null ? (
        <p className="mt-0.5 text-lg font-medium">None</p>
      ) : (
        <>
          <p className="tabular mt-0.5 text-lg font-medium">
            {formatCount(limiter.requests)}{" "}
            <span className="text-sm font-normal text-faint">{paceWords(limiter)}</span>
          </p>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2 text-sm text-soft">
            <Bar
              value={limiter.tokens}
              max={limiter.requests}
              label={`Calls left of ${service.service}'s limit`}
              tone={limiter.tokens < limiter.requests / 10 ? "bg-failed" : "bg-accent"}
              className="w-32"
            />
            <span className="tabular">
              {formatCount(Math.max(0, limiter.tokens))} left at once
              {limiter.kept_back > 0 && (
                <span className="text-faint">, {formatCount(limiter.kept_back)} kept back for late ones</span>
              )}
            </span>
          </p>
          <Waiting limiter={limiter} />
        </>
      )}
    </div>
  );
}

function paceWords({ requests, interval_seconds: seconds }: LimiterOnWire): string {
  if (seconds === 1) return "a second";
  return `per ${formatDuration(seconds * 1000)}, ${formatPace(requests / seconds)} a second`;
}

function Waiting({ limiter }: { limiter: LimiterOnWire }) {
  const now = useNow();
  const heldMs = limiter.held_until === null ? 0 : Date.parse(limiter.held_until) - now;
  const isLearned =
    limiter.configured.requests / limiter.configured.interval_seconds >
    limiter.requests / limiter.interval_seconds;
  const notes = [
    heldMs > 0 ? `It answered 429: nobody calls for another ${formatDuration(heldMs)}.` : null,
    limiter.tokens < 0 ? `${formatCount(Math.ceil(-limiter.tokens))} calls wait for their turn.` : null,
    heldMs <= 0 && limiter.wait_seconds > 0
      ? `A new call would wait ${formatDuration(limiter.wait_seconds * 1000)}.`
      : null,
    isLearned
      ? `Learned from its answers; ${formatCount(limiter.configured.requests)} per ${formatDuration(limiter.configured.interval_seconds * 1000)} is configured, and it climbs back by itself.`
      : null,
  ].filter((note) => note !== null);
  return (
    <ul className="mt-1.5 text-sm text-soft">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
