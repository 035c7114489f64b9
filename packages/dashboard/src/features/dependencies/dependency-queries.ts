import { queryOptions } from "@tanstack/react-query";
import { client } from "../../lib/client.ts";

/** One service in depth. Keys begin with `services`, which news of breakers and credits invalidate. */
export const dependencyQueries = {
  detail: (service: string) =>
    queryOptions({
      queryKey: ["services", "detail", service],
      queryFn: ({ signal }) => client.services.get(service, { signal }),
      refetchInterval: 10_000,
    }),
  days: (service: string, days: number) =>
    queryOptions({
      queryKey: ["services", "days", service, days],
      queryFn: ({ signal }) => client.services.metrics(service, days, { signal }),
      refetchInterval: 60_000,
    }),
};
