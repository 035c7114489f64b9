import type { Explanation } from "@workstream/core";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { print, printJson } from "../output.ts";

type ExplainOptions = GatewayOptions & { json?: boolean };

export function addTaskExplainCommand(parent: Command): void {
  const command = parent
    .command("explain")
    .description("say why a task is not running, or what it waits for")
    .argument("<id>", "the task's id")
    .option("--json", "print JSON")
    .action(explainTask);
  withExamples(withGatewayOptions(command), [["workstream task explain 01890a5d-…", "one sentence"]]);
}

async function explainTask(id: string, options: ExplainOptions): Promise<void> {
  const path = `/api/v1/tasks/${encodeURIComponent(id)}/explain`;
  const explanation = await connectGateway(options).get<Explanation>(path);
  if (options.json) printJson(explanation);
  else print(explanation.summary);
}
