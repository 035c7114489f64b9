import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isClientError } from "@workstream/client";
import { announceUnauthorized } from "./unauthorized.ts";

/** What a wrong question answers the first time it answers again; only what may pass is asked again. */
function isPassing(error: unknown): boolean {
  if (!isClientError(error)) return false;
  return error.kind === "unreachable" || error.kind === "timeout" || (error.status ?? 0) >= 500;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isClientError(error) && error.status === 401) announceUnauthorized();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 300_000,
      refetchOnWindowFocus: true,
      networkMode: "always",
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
    mutations: { networkMode: "always", retry: false },
  },
});
