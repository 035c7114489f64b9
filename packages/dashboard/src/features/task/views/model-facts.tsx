import type { ReactNode } from "react";
import { formatCost, formatCount } from "../../../lib/format/numbers.ts";

type Made = {
  model: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost: number | null;
};

/** How something was made and what it cost, in a line below it. */
export function ModelFacts({ made, children }: { made: Made; children?: ReactNode }) {
  const { prompt_tokens: read, completion_tokens: written, cost } = made;
  return (
    <p className="tabular mt-4 flex flex-wrap gap-x-4 gap-y-1 border-t pt-3 text-xs text-faint">
      {children}
      {read !== null && <span>{formatCount(read)} tokens read</span>}
      {written !== null && <span>{formatCount(written)} tokens written</span>}
      {cost !== null && <span>{formatCost(cost)}</span>}
    </p>
  );
}
