import { useQuery } from "@tanstack/react-query";
import type { GatewayInfo } from "@workstream/core";
import { fleetQueries } from "./queries/fleet-queries.ts";

type Role = GatewayInfo["role"];
const ranks: Record<Role, number> = { reader: 0, submitter: 1, operator: 2 };

/** Whether this page's key may do what takes `role`. While that is not known, the gateway decides. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(fleetQueries.gateway);
  return data === undefined || ranks[data.role] >= ranks[role];
}
