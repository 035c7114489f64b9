import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { operationQueries } from "../../../lib/queries/operation-queries.ts";
import { OperationProgress } from "../../../ui/operation-progress.tsx";

/** The bulk operation that was begun here, until it is closed; the list begins anew when it has ended. */
export function useOperation(onEnded: () => unknown) {
  const [operationId, setOperationId] = useState<string | null>(null);
  const { data } = useQuery({ ...operationQueries.detail(operationId ?? ""), enabled: operationId !== null });
  const hasEnded = operationId !== null && data !== undefined && data.state !== "running";
  useEffect(() => {
    if (hasEnded) void onEnded();
  }, [hasEnded, onEnded]);
  return {
    show: setOperationId,
    progress: operationId !== null && (
      <div className="mt-2">
        <OperationProgress operationId={operationId} onClose={() => setOperationId(null)} />
      </div>
    ),
  };
}
