import { formatInstant } from "../../lib/format/instants.ts";
import { Td, Th } from "../table.tsx";
import type { ChartProps, ChartTimeStyle } from "./chart.tsx";

type ChartTableProps = ChartProps & {
  format: (value: number) => string;
  timeStyle: ChartTimeStyle;
  height: number;
};

/** The same figures as text, newest first. */
export function ChartTable({ label, series, timestamps, format, timeStyle, height }: ChartTableProps) {
  const newestFirst = timestamps.map((at, index) => ({ at, index })).reverse();
  return (
    <section aria-label={label} tabIndex={0} className="overflow-auto" style={{ height }}>
      <table className="w-full border-collapse text-xs" aria-label={label}>
        <thead className="sticky top-0 bg-panel">
          <tr>
            <Th>Time</Th>
            {series.map(({ name }) => (
              <Th key={name} isNumber>
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(({ at, index }) => (
            <tr key={at}>
              <Td className="tabular py-1">{formatInstant(at, timeStyle)}</Td>
              {series.map(({ name, values }) => {
                const value = values[index] ?? null;
                return (
                  <Td key={name} isNumber className="py-1">
                    {value === null ? "–" : format(value)}
                  </Td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
