import { useQuery } from "@tanstack/react-query";
import { formatCost, formatCount, formatShare } from "../../lib/format/numbers.ts";
import { Figure } from "./figure.tsx";
import { overviewQueries } from "./overview-queries.ts";

/** Calls and cost of this UTC day. */
export function OpenRouterFigures() {
  const { data: today } = useQuery(overviewQueries.today);
  const { data: credits } = useQuery(overviewQueries.credits);
  const calls = today?.total_calls ?? null;
  return (
    <>
      <Figure label="Calls today">
        {calls === null ? (
          "–"
        ) : (
          <>
            <span className="font-semibold">{formatCount(calls)}</span>
            {calls > 0 && (
              <span className="text-faint"> {formatShare((today?.failed_calls ?? 0) / calls)} failed</span>
            )}
          </>
        )}
      </Figure>
      <Figure label="Cost today">
        {today == null ? "–" : <span className="font-semibold">{formatCost(today.cost)}</span>}
        {credits?.balance != null && <span className="text-faint">, {formatCost(credits.balance)} left</span>}
      </Figure>
    </>
  );
}
