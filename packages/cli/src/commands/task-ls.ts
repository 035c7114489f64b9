import { maxPageSize, type TaskSummaryPage } from "@workstream/core";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { note, print, printJson } from "../output.ts";
import { taskTable } from "../task-view.ts";
import { wholeNumber } from "../whole-number.ts";

type ListOptions = GatewayOptions & {
  status?: string;
  type?: string;
  queue?: string;
  id?: string;
  limit: number;
  cursor?: string;
  json?: boolean;
};

export function addTaskListCommand(parent: Command): void {
  const command = parent
    .command("ls")
    .description("list tasks, newest first")
    .option("--status <state>", "PENDING, ACTIVE, COMPLETED, FAILED, SCHEDULED, DLQ or CANCELLED")
    .option("--type <type>", "only this task type")
    .option("--queue <name>", "only this queue; retry, scheduled and dlq mean where a task stands")
    .option("--id <prefix>", "only ids that begin so")
    .option("--limit <n>", "how many", wholeNumber(1, maxPageSize), 20)
    .option("--cursor <cursor>", "go on where an earlier list ended")
    .option("--json", "print JSON")
    .action(listTasks);
  withExamples(withGatewayOptions(command), [
    ["workstream task ls", "the newest 20"],
    ["workstream task ls --status DLQ --type pdfxtract", "dead letters of one type"],
    ["workstream task ls --json --limit 100 | jq -r '.tasks[].task_id'", "ids for another program"],
  ]);
}

async function listTasks(options: ListOptions): Promise<void> {
  const list = await connectGateway(options).get<TaskSummaryPage>("/api/v1/tasks/summaries", {
    status: options.status?.toUpperCase(),
    task_type: options.type,
    queue: options.queue,
    task_id: options.id,
    page_size: options.limit,
    cursor: options.cursor,
  });
  if (options.json) return printJson(list);
  if (list.tasks.length === 0) return note("No tasks.");
  print(taskTable(list.tasks));
  const total = `${list.total_is_estimate ? "at least " : ""}${list.total_items.toLocaleString("en")}`;
  const more = list.next_cursor ? ` More: --cursor ${list.next_cursor}` : "";
  note(`${list.tasks.length} of ${total}.${more}`);
}
