import { setTimeout as sleep } from "node:timers/promises";
import type { BulkAction, BulkCount, BulkFilter, Operation, StartedOperation } from "@workstream/core";
import type { BulkOptions } from "./bulk-options.ts";
import { CliError } from "./cli-error.ts";
import { connectGateway } from "./gateway-options.ts";
import { createLiveRegion } from "./live-region.ts";
import { isTerminal, note, print, printJson } from "./output.ts";

const firstPauseMs = 50;
const longestPauseMs = 1_000;

const words = {
  retry: { future: "would be retried", past: "retried" },
  cancel: { future: "would be cancelled", past: "cancelled" },
  delete: { future: "would be deleted", past: "deleted" },
} as const satisfies Record<BulkAction, { future: string; past: string }>;

/** Counts what matches; with --yes does it, and shows how far it gets. */
export async function runBulk(action: BulkAction, filter: BulkFilter, options: BulkOptions): Promise<void> {
  const gateway = connectGateway(options);
  const request = { action, filter, reset_retry_count: options.resetRetryCount ?? false };
  if (options.dryRun || !options.yes) {
    const count = await gateway.post<BulkCount>("/api/v1/tasks/bulk", { ...request, dry_run: true });
    return reportCount(count, options);
  }
  const { operation_id: id } = await gateway.post<StartedOperation>("/api/v1/tasks/bulk", request);
  const show = progressPrinter(options);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const operation = await gateway.get<Operation>(`/api/v1/operations/${id}`);
    if (operation.state !== "running") return reportEnd(operation, options);
    show(operation);
    await sleep(pauseMs);
  }
}

function reportCount(count: BulkCount, { json, dryRun }: BulkOptions): void {
  if (json) {
    printJson(count);
    return;
  }
  const sum = `${count.matched_is_estimate ? "at least " : ""}${amount(count.matched)}`;
  print(`${sum} tasks ${words[count.action].future}.`);
  if (!dryRun) note("Nothing was done: --yes does it.");
}

function progressPrinter({ json }: BulkOptions): (operation: Operation) => void {
  if (json || !isTerminal()) return () => {};
  const region = createLiveRegion(process.stdout);
  return (operation) => region(`${amount(seenBy(operation))} of ${amount(operation.total)} tasks …`);
}

/** @throws CliError when it did not complete, or some tasks failed */
function reportEnd(operation: Operation, { json }: BulkOptions): void {
  const { action, state, done, skipped, failed, error } = operation;
  if (json) printJson(operation);
  else print(`${amount(done)} tasks ${words[action].past}${rest(skipped, failed)}.`);
  if (state !== "completed") {
    throw new CliError("failed", `The operation was ${state}${error === null ? "." : `: ${error}`}`);
  }
  if (failed > 0) throw new CliError("failed", `${amount(failed)} tasks could not be changed.`);
}

function rest(skipped: number, failed: number): string {
  const parts = [
    skipped > 0 ? `${amount(skipped)} skipped, for they had changed` : "",
    failed > 0 ? `${amount(failed)} failed` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? ` (${parts.join("; ")})` : "";
}

function seenBy({ done, skipped, failed }: Operation): number {
  return done + skipped + failed;
}

function amount(count: number): string {
  return count.toLocaleString("en");
}
