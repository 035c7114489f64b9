import type { ServiceDetail } from "@workstream/core";
import { formatInstant } from "../../lib/format/instants.ts";
import { formatCost } from "../../lib/format/numbers.ts";

type Points = ServiceDetail["credits_history"];

const width = 600;
const height = 72;

/** The balance of the last 30 days as one line, told in words too. */
export function CreditsHistory({ points }: { points: Points }) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const text = `${formatCost(first.balance)} on ${formatInstant(first.timestamp, "date")}, ${formatCost(last.balance)} on ${formatInstant(last.timestamp, "date")}`;
  return (
    <figure>
      <figcaption className="mb-2 flex flex-wrap justify-between gap-x-4 text-xs text-faint">
        <span>Balance</span>
        <span>{text}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Balance: ${text}`}
        className="h-18 w-full overflow-visible"
      >
        <path d={`${linePath(points)} V${height} H0 Z`} className="fill-accent/10" />
        <path
          d={linePath(points)}
          fill="none"
          strokeWidth="1.7"
          vectorEffect="non-scaling-stroke"
          className="stroke-accent"
        />
      </svg>
    </figure>
  );
}

function linePath(points: Points): string {
  const times = points.map(({ timestamp }) => Date.parse(timestamp));
  const [from = 0, to = 1] = [times[0], times.at(-1)];
  const top = Math.max(...points.map(({ balance }) => balance), 0.01);
  const place = points.map(({ balance }, index) => {
    const x = (((times[index] ?? from) - from) / Math.max(1, to - from)) * width;
    return `${x.toFixed(1)} ${(height - (Math.max(0, balance) / top) * (height - 4)).toFixed(1)}`;
  });
  return `M${place.join("L")}`;
}
