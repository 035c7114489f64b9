import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state.tsx";
import { LoadingRows } from "./skeleton.tsx";
import { StaleNote } from "./stale-note.tsx";

type QueryViewProps<T> = {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
  /** Shown when `isEmpty` says so. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  loading?: ReactNode;
};

/** The four states of everything that is read: loading, error, empty, data. Old data stays, and says that it is old. */
export function QueryView<T>({ query, children, empty, isEmpty, loading }: QueryViewProps<T>) {
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return loading ?? <LoadingRows />;
  }
  return (
    <>
      <StaleNote isStale={query.isError} since={query.dataUpdatedAt} />
      {empty !== undefined && isEmpty?.(query.data) ? empty : children(query.data)}
    </>
  );
}
