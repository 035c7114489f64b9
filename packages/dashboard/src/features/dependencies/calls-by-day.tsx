import type { OpenRouterMetrics } from "@workstream/core";
import { formatCompact, formatCost, formatCount, formatShare } from "../../lib/format/numbers.ts";
import { Table, Td, Th } from "../../ui/table.tsx";

type Day = OpenRouterMetrics["metrics"][string];

/** Calls of the last days, newest first; each bar is one day, its failures at its end. */
export function CallsByDay({ metrics: { metrics } }: { metrics: OpenRouterMetrics }) {
  const days = Object.entries(metrics).sort(([a], [b]) => b.localeCompare(a));
  const busiest = Math.max(1, ...days.map(([, { total_calls: calls }]) => calls));
  const used = days.filter(([, { total_calls: calls }]) => calls > 0);
  if (used.length === 0)
    return <p className="text-sm text-faint">No calls in the last {days.length} days.</p>;
  return (
    <Table aria-label="Calls by day">
      <thead>
        <tr>
          <Th>Day (UTC)</Th>
          <Th className="w-2/5">Calls</Th>
          <Th isNumber>Failed</Th>
          <Th isNumber>Tokens in</Th>
          <Th isNumber>Tokens out</Th>
          <Th isNumber>Cost</Th>
        </tr>
      </thead>
      <tbody>
        {used.map(([date, day]) => (
          <DayRow key={date} date={date} day={day} busiest={busiest} />
        ))}
      </tbody>
    </Table>
  );
}

function DayRow({ date, day, busiest }: { date: string; day: Day; busiest: number }) {
  const { total_calls: total, failed_calls: failed } = day;
  const share = (calls: number) => `${(calls / busiest) * 100}%`;
  return (
    <tr>
      <Td className="tabular whitespace-nowrap">{date}</Td>
      <Td>
        <span className="flex items-center gap-2">
          <span
            aria-hidden="true"
            className="flex h-2 min-w-24 flex-1 overflow-hidden rounded-full bg-raised"
          >
            <span className="bg-completed" style={{ width: share(total - failed) }} />
            <span className="bg-failed" style={{ width: share(failed) }} />
          </span>
          <span className="tabular w-14 text-right">{formatCount(total)}</span>
        </span>
      </Td>
      <Td isNumber className="whitespace-nowrap">
        {failed === 0 ? "0" : `${formatCount(failed)} (${formatShare(failed / total)})`}
      </Td>
      <Td isNumber>{formatCompact(day.prompt_tokens)}</Td>
      <Td isNumber>{formatCompact(day.completion_tokens)}</Td>
      <Td isNumber>{formatCost(day.cost)}</Td>
    </tr>
  );
}
