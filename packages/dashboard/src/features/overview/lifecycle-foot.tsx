import { Link } from "@tanstack/react-router";
import { formatCount, formatShare } from "../../lib/format/numbers.ts";
import type { LiveStatus } from "../../lib/live/live-state.ts";
import { taskStateLook } from "../../lib/task-state-look.ts";
import { Dot } from "../../ui/dot.tsx";
import type { EdgeRates } from "./flow.ts";
import { rateText } from "./flow-words.ts";

type LifecycleFootProps = { status: LiveStatus | null; rates: EdgeRates | null };

/** What has no place in the flow: the share of the retries, and the other two ends. */
export function LifecycleFoot({ status, rates }: LifecycleFootProps) {
  return (
    <ul className="tabular mt-3.5 flex flex-wrap gap-x-5 gap-y-1.5 text-xs text-soft">
      {status !== null && <li>Retries get {formatShare(status.retryRatio)} of the claims</li>}
      <Ended state="FAILED" count={status?.states.FAILED} rate={rates?.failed} />
      <Ended state="CANCELLED" count={status?.states.CANCELLED} rate={rates?.cancelled} />
    </ul>
  );
}

type EndedProps = {
  state: "FAILED" | "CANCELLED";
  count: number | undefined;
  rate: number | undefined;
};

function Ended({ state, count, rate }: EndedProps) {
  if (count === undefined || (count === 0 && !rate)) return null;
  return (
    <li>
      <Link
        to="/tasks"
        search={{ q: `status:${state}` }}
        className="inline-flex items-center gap-1.5 hover:text-fg hover:underline"
      >
        <Dot className={taskStateLook[state].dot} />
        {formatCount(count)} {state === "FAILED" ? "failed for good" : "cancelled"}
        {rate ? <span className="text-faint">{rateText(rate)}</span> : null}
      </Link>
    </li>
  );
}
