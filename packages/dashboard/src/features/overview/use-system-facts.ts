import { useQuery } from "@tanstack/react-query";
import { useConnectionState, useSilentSince } from "../../lib/live/use-live.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { useNow } from "../../lib/use-now.ts";
import { readFlow } from "./flow.ts";
import { overviewQueries } from "./overview-queries.ts";
import type { SystemFacts } from "./system-facts.ts";
import { useCalmStatus } from "./use-calm-status.ts";

/** What is known of the system now. Each part may be missing without taking the others with it. */
export function useSystemFacts(): SystemFacts {
  const throughput = useQuery(taskQueries.throughput(60));
  const facts = {
    connection: { state: useConnectionState(), heardAt: useSilentSince() },
    status: useCalmStatus().data ?? null,
    queues: useQuery(fleetQueries.queues).data ?? null,
    fleet: useQuery(fleetQueries.workers).data ?? null,
    services: useQuery(fleetQueries.services).data?.services ?? null,
    errorGroups: useQuery(fleetQueries.errorGroups(50)).data ?? null,
    openrouter: useQuery(fleetQueries.openrouter).data ?? null,
    credits: useQuery(overviewQueries.credits).data ?? null,
    storeWarnings: useQuery(overviewQueries.store).data?.recommendations ?? [],
    nowMs: useNow(1_000),
  };
  return {
    ...facts,
    flow: throughput.data ? readFlow(throughput.data.metrics, throughput.dataUpdatedAt) : null,
  };
}
