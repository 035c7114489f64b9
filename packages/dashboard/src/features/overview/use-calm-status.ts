import { hashKey, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { liveStatusQuery } from "../../lib/live/live-feed.ts";

/** Figures that change more often can't be read, and drawing them would cost a busy page every frame. */
const calmMs = 200;

const statusHash = hashKey(liveStatusQuery.queryKey);

/** The live depths and counts, told on at most five times a second; the newest ones each time. */
export function useCalmStatus() {
  const queries = useQueryClient();
  const subscribe = useCallback((notify: () => void) => subscribeCalmly(queries, notify), [queries]);
  const data = useSyncExternalStore(subscribe, () => queries.getQueryData(liveStatusQuery.queryKey));
  const { isError, error, refetch } = useQuery({
    ...liveStatusQuery,
    notifyOnChangeProps: ["isError", "error"],
  });
  return { data, isError, error, refetch };
}

function subscribeCalmly(queries: QueryClient, notify: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const unsubscribe = queries.getQueryCache().subscribe(({ query, type }) => {
    if (timer !== null || type !== "updated" || query.queryHash !== statusHash) return;
    timer = setTimeout(() => {
      timer = null;
      notify();
    }, calmMs);
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
