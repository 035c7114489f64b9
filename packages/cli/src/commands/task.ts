import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { addTaskAddCommand } from "./task-add.ts";
import { addTaskExplainCommand } from "./task-explain.ts";
import { addTaskGetCommand } from "./task-get.ts";
import { addTaskListCommand } from "./task-ls.ts";
import { addTaskVerbCommands } from "./task-verbs.ts";

export function addTaskCommands(program: Command): void {
  const task = program.command("task").description("create, look at and manage tasks of a running gateway");
  addTaskAddCommand(task);
  addTaskListCommand(task);
  addTaskGetCommand(task);
  addTaskExplainCommand(task);
  addTaskVerbCommands(task);
  withExamples(task, [
    ['workstream task add "A long text …" --wait', "summarize a text and print the summary"],
    ["workstream task ls --status DLQ", "what needs a hand"],
    ["workstream task explain 01890a5d-…", "why it is not running"],
  ]);
}
