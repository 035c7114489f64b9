import { queryOptions } from "@tanstack/react-query";
import { client } from "../client.ts";

/** Bulk operations. One that runs is looked at twice a second, one that ended no more. */
export const operationQueries = {
  detail: (operationId: string) =>
    queryOptions({
      queryKey: ["operations", operationId],
      queryFn: ({ signal }) => client.operations.get(operationId, { signal }),
      refetchInterval: (query) => (query.state.data && query.state.data.state !== "running" ? false : 500),
    }),
  recent: queryOptions({
    queryKey: ["operations", "recent"],
    queryFn: ({ signal }) => client.operations.list(20, { signal }),
  }),
};
