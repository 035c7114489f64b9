import type { TaskDetail } from "@workstream/core";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withExamples } from "../examples.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { print, printJson } from "../output.ts";
import { fieldText, taskCard } from "../task-view.ts";

type GetOptions = GatewayOptions & { field?: string; json?: boolean };

export function addTaskGetCommand(parent: Command): void {
  const command = parent
    .command("get")
    .description("show a task; its content and result are cut")
    .argument("<id>", "the task's id")
    .option("--field <name>", "print this field alone, whole and raw")
    .option("--json", "print the whole task as JSON, payloads included")
    .action(showTask);
  withExamples(withGatewayOptions(command), [
    ["workstream task get 01890a5d-…", "everything about a task"],
    ["workstream task get 01890a5d-… --field result > summary.txt", "its whole result"],
  ]);
}

async function showTask(id: string, options: GetOptions): Promise<void> {
  const task = await connectGateway(options).get<TaskDetail>(`/api/v1/tasks/${encodeURIComponent(id)}`);
  if (options.field !== undefined) return print(fieldOf(task, options.field));
  if (options.json) return printJson(task);
  print(taskCard(task));
}

function fieldOf(task: TaskDetail, name: string): string {
  if (!Object.hasOwn(task, name)) {
    throw new CliError(
      "badUsage",
      `A task has no field ${name}: use one of ${Object.keys(task).join(", ")}.`,
    );
  }
  const value = task[name as keyof TaskDetail];
  if (value === null)
    throw new CliError("notFound", `Task ${task.task_id} has no ${name}; it is ${task.state}.`);
  return fieldText(value);
}
