import { useQuery } from "@tanstack/react-query";
import type { ServiceDetail } from "@workstream/core";
import { withLocalInstants } from "../../lib/format/instants.ts";
import { formatCost } from "../../lib/format/numbers.ts";
import { Instant } from "../../ui/instant.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { CallsByDay } from "./calls-by-day.tsx";
import { CreditsHistory } from "./credits-history.tsx";
import { dependencyQueries } from "./dependency-queries.ts";

const days = 14;

/** What is known of one service beside its guards: its own words, its credits, its calls by day. */
export function ServiceDetails({ service }: { service: string }) {
  const detail = useQuery(dependencyQueries.detail(service));
  const calls = useQuery(dependencyQueries.days(service, days));
  return (
    <div className="mt-5 flex flex-col gap-6 border-t pt-4">
      <QueryView query={detail}>
        {(data) => (
          <>
            <Status detail={data} />
            {data.credits_history.length > 1 && <CreditsHistory points={data.credits_history} />}
          </>
        )}
      </QueryView>
      <QueryView query={calls}>{(data) => <CallsByDay metrics={data} />}</QueryView>
    </div>
  );
}

function Status({ detail }: { detail: ServiceDetail }) {
  if (detail.status === null) return <p className="text-sm text-faint">Nobody has asked it anything yet.</p>;
  const money = [
    { label: "Left to spend", amount: detail.balance },
    { label: "Spent today", amount: detail.usage_today },
    { label: "Spent this month", amount: detail.usage_month },
  ].filter(({ amount }) => amount !== null);
  return (
    <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
      <div>
        <p className="text-xs text-faint">
          Status
          {detail.last_check !== null && (
            <>
              , <Instant at={detail.last_check} style="ago" />
            </>
          )}
        </p>
        <p className="mt-0.5 text-base font-medium">{detail.status.replaceAll("_", " ")}</p>
        <p className="mt-1 text-sm text-soft">{withLocalInstants(detail.message ?? "")}</p>
        {detail.error_details !== null && (
          <p className="mt-1 font-mono text-xs text-faint">{detail.error_details}</p>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        {money.map(({ label, amount }) => (
          <div key={label}>
            <dt className="text-xs text-faint">{label}</dt>
            <dd className="tabular mt-0.5 text-lg font-medium">{formatCost(amount ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
