import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLiveStatus } from "../../../lib/live/use-live.ts";
import { taskQueries } from "../../../lib/queries/task-queries.ts";
import type { KnownValues } from "./search-suggestions.ts";

/** Types and queues that there are, for suggestions. */
export function useKnownValues(): KnownValues {
  const types = useQuery(taskQueries.types).data;
  const queues = useLiveStatus().data?.queues;
  const names = Object.keys(queues ?? {}).join(" ");
  return useMemo(
    () => ({
      types: (types ?? []).map(({ type }) => type).sort(),
      queues: names === "" ? [] : names.split(" "),
    }),
    [types, names],
  );
}
