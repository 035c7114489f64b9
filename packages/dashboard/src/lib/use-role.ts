import { useQuery } from "@tanstack/react-query";
import { fleetQueries } from "./queries/fleet-queries.ts";

/** Whether this caller may retry, cancel, delete, pause and the like. Yes until the gateway says otherwise: it decides. */
export function useMayOperate(): boolean {
  const { data } = useQuery(fleetQueries.gateway);
  return data === undefined || data.role === "operator";
}

/** Whether this caller may create tasks. */
export function useMaySubmit(): boolean {
  const { data } = useQuery(fleetQueries.gateway);
  return data === undefined || data.role !== "reader";
}
