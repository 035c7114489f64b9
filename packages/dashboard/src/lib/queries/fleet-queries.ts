import { queryOptions } from "@tanstack/react-query";
import { client } from "../client.ts";

/** Workers, services and the gateway itself: read by the shell and by several screens. */
export const fleetQueries = {
  gateway: queryOptions({
    queryKey: ["gateway"],
    queryFn: ({ signal }) => client.gateway.info({ signal }),
    refetchInterval: 60_000,
    staleTime: 30_000,
  }),
  workers: queryOptions({
    queryKey: ["workers"],
    queryFn: ({ signal }) => client.workers.list({ signal }),
    refetchInterval: 5_000,
  }),
  services: queryOptions({
    queryKey: ["services", "list"],
    queryFn: ({ signal }) => client.services.list({ signal }),
    refetchInterval: 5_000,
  }),
  openrouter: queryOptions({
    queryKey: ["services", "openrouter", "status"],
    queryFn: ({ signal }) => client.openrouter.status({ signal }),
    refetchInterval: 30_000,
  }),
  queues: queryOptions({
    queryKey: ["queues", "overview"],
    queryFn: ({ signal }) => client.queues.overview({ signal }),
    refetchInterval: 5_000,
  }),
  errorGroups: (limit: number) =>
    queryOptions({
      queryKey: ["queues", "dead-letters", "groups", limit],
      queryFn: ({ signal }) => client.queues.errorGroups(limit, { signal }),
      refetchInterval: 10_000,
    }),
};
