import { queryOptions } from "@tanstack/react-query";
import { client } from "../../lib/client.ts";

/** What this screen alone reads. */
export const overviewQueries = {
  credits: queryOptions({
    queryKey: ["services", "openrouter", "credits"],
    queryFn: ({ signal }) => client.openrouter.credits({ signal }),
    refetchInterval: 60_000,
  }),
  today: queryOptions({
    queryKey: ["services", "openrouter", "today"],
    queryFn: async ({ signal }) => {
      const { metrics } = await client.openrouter.metrics(1, { signal });
      return Object.values(metrics).at(-1) ?? null;
    },
    refetchInterval: 30_000,
  }),
  store: queryOptions({
    queryKey: ["store", "stats"],
    queryFn: ({ signal }) => client.store.stats({ signal }),
    refetchInterval: 30_000,
  }),
};
