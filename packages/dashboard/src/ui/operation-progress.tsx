import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { BulkAction, Operation } from "@workstream/core";
import { useEffect } from "react";
import { client } from "../lib/client.ts";
import { countOf, formatCount } from "../lib/format/numbers.ts";
import { operationQueries } from "../lib/queries/operation-queries.ts";
import { Bar } from "./bar.tsx";
import { Button } from "./button.tsx";
import { errorText } from "./error-state.tsx";

const doing: Record<BulkAction, string> = { retry: "Retrying", cancel: "Cancelling", delete: "Deleting" };
const did: Record<BulkAction, string> = { retry: "Retried", cancel: "Cancelled", delete: "Deleted" };

type OperationProgressProps = { operationId: string; onClose: () => void };

/** A bulk operation under way: how far it is, a way to stop it, and what came of it. */
export function OperationProgress({ operationId, onClose }: OperationProgressProps) {
  const queries = useQueryClient();
  const { data: operation, error } = useQuery(operationQueries.detail(operationId));
  const hasEnded = operation !== undefined && operation.state !== "running";
  useEffect(() => {
    if (!hasEnded) return;
    void queries.invalidateQueries({ queryKey: ["tasks"] });
    void queries.invalidateQueries({ queryKey: ["queues"] });
  }, [hasEnded, queries]);

  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-panel px-4 py-2.5"
    >
      <p className="text-sm font-medium">
        {operation ? sentence(operation) : error ? errorText(error) : "Starting…"}
      </p>
      {operation && !hasEnded && (
        <Bar
          value={looked(operation)}
          max={Math.max(operation.total, looked(operation), 1)}
          label="Progress"
          className="w-40"
        />
      )}
      <div className="ml-auto">
        {hasEnded || error ? (
          <Button size="sm" onClick={onClose}>
            Close
          </Button>
        ) : (
          <Button size="sm" onClick={() => void client.operations.cancel(operationId).catch(() => {})}>
            Stop
          </Button>
        )}
      </div>
    </div>
  );
}

function looked({ done, skipped, failed }: Operation): number {
  return done + skipped + failed;
}

function sentence(operation: Operation): string {
  const { action, done, skipped, failed, state, total, total_is_estimate: isEstimate } = operation;
  const rest = [
    skipped > 0 ? `${formatCount(skipped)} had changed` : null,
    failed > 0 ? `${formatCount(failed)} failed` : null,
  ].filter((text) => text !== null);
  const more = rest.length === 0 ? "" : ` (${rest.join(", ")})`;
  if (state === "running") {
    return `${doing[action]} ${formatCount(done)} of ${isEstimate ? "at least " : ""}${countOf(total, "task")}${more}`;
  }
  const end =
    state === "cancelled"
      ? ", then stopped"
      : state === "failed"
        ? `, then failed: ${operation.error ?? ""}`
        : "";
  return `${did[action]} ${countOf(done, "task")}${more}${end}`;
}
