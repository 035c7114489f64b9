import type { ErrorGroups } from "@workstream/core";
import type { Command } from "commander";
import { type BulkOptions, filterOf } from "../bulk-options.ts";
import { CliError } from "../cli-error.ts";
import { withExamples } from "../examples.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { columns, cut, note, print, printJson } from "../output.ts";
import { runBulk } from "../run-bulk.ts";
import { wholeNumber } from "../whole-number.ts";

const messagePreview = 60;

export function addGroupsCommand(queue: Command): void {
  const command = queue
    .command("groups")
    .description("dead letters by cause, the one that grew last first")
    .option("--limit <n>", "how many", wholeNumber(1, 200), 20)
    .option("--json", "print JSON")
    .action(listGroups);
  withExamples(withGatewayOptions(command), [
    ["workstream queue groups", "what died, how often, and why"],
    ["workstream task retry --group <group> --yes", "run all of one group again"],
  ]);
}

async function listGroups(options: GatewayOptions & { limit: number; json?: boolean }): Promise<void> {
  const found = await connectGateway(options).get<ErrorGroups>("/api/v1/queues/dlq/groups", {
    limit: options.limit,
  });
  if (options.json) return printJson(found);
  if (found.groups.length === 0) return note("No dead letters.");
  const rows = found.groups.map((group) => [
    group.error_group,
    group.count.toLocaleString("en"),
    group.last_seen_at,
    cut(group.message, messagePreview),
  ]);
  print(columns([["GROUP", "TASKS", "LAST", "MESSAGE"], ...rows]));
  note(
    `${found.groups.length} of ${found.total_groups} groups, ${found.total_dead_letters.toLocaleString("en")} dead letters.`,
  );
}

export function addPurgeCommand(queue: Command): void {
  const command = queue
    .command("purge")
    .description("delete dead letters with every trace")
    .argument("<name>", "dlq")
    .option("--type <type>", "only those of this type")
    .option("--group <group>", "only those of this group")
    .option("--dry-run", "only count them")
    .option("--yes", "do it; without it they are only counted")
    .option("--json", "print JSON")
    .action(async (name: string, options: BulkOptions) => {
      if (name !== "dlq") {
        const advice = `cancel what waits there instead: workstream task cancel --status PENDING --queue ${name}`;
        throw new CliError("badUsage", `Only dlq can be purged; ${advice}`);
      }
      await runBulk("delete", { ...filterOf(options), status: "DLQ" }, options);
    });
  withExamples(withGatewayOptions(command), [["workstream queue purge dlq --dry-run", "how many there are"]]);
}
