import type { BulkFilter } from "@workstream/core";
import type { Command } from "commander";
import type { GatewayOptions } from "./gateway-options.ts";

export type FilterOptions = {
  status?: string;
  type?: string;
  queue?: string;
  errorType?: string;
  group?: string;
};
export type BulkOptions = GatewayOptions &
  FilterOptions & { dryRun?: boolean; yes?: boolean; json?: boolean; resetRetryCount?: boolean };

/** Adds what names many tasks at once. */
export function withFilterOptions(command: Command): Command {
  return command
    .option("--status <state>", "every task in this state, instead of ids")
    .option("--type <type>", "every task of this type")
    .option("--queue <name>", "every task of this queue; retry, scheduled and dlq mean where a task stands")
    .option("--error-type <type>", "every task that last failed so")
    .option("--group <group>", "every dead letter of this group: see workstream queue groups")
    .option("--dry-run", "only count them")
    .option("--yes", "do it; without it they are only counted");
}

/** The filter that the options name, as the gateway takes it; null when they name none. */
export function filterOf({ status, type, queue, errorType, group }: FilterOptions): BulkFilter | null {
  const named = Object.entries({
    status: status?.toUpperCase(),
    task_type: type,
    queue,
    error_type: errorType,
    error_group: group,
  }).filter(([, value]) => value !== undefined);
  return named.length === 0 ? null : (Object.fromEntries(named) as BulkFilter);
}
