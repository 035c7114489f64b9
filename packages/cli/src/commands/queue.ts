import type { PausedQueue, QueueStatusView } from "@workstream/core";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { note, print, printJson } from "../output.ts";
import { statusTables } from "../queue-view.ts";
import { watchQueues } from "../watch-queues.ts";
import { wholeNumber } from "../whole-number.ts";
import { addGroupsCommand, addPurgeCommand } from "./queue-groups.ts";

type StatusOptions = GatewayOptions & { watch?: boolean; json?: boolean };
type ListOptions = GatewayOptions & { limit: number; json?: boolean };

const longestList = 1000;

export function addQueueCommands(program: Command): void {
  const queue = program.command("queue").description("look at and steer the queues of a running gateway");
  addStatusCommand(queue);
  addListCommand(queue);
  addGroupsCommand(queue);
  addPurgeCommand(queue);
  addSwitchCommand(queue, "pause", "stop claims from a queue, for all workers");
  addSwitchCommand(queue, "resume", "let workers claim from a queue again");
  withExamples(queue, [["workstream queue status --watch", "live figures"]]);
}

function addStatusCommand(queue: Command): void {
  const command = queue
    .command("status")
    .description("how many tasks wait where, and how many are in each state")
    .option("--watch", "go on as the figures change, until Ctrl-C")
    .option("--json", "print JSON; with --watch one line a change")
    .action(showStatus);
  withExamples(withGatewayOptions(command), [
    ["workstream queue status --watch", "live figures"],
    ["workstream queue status --json | jq .queues.dlq", "how many dead letters"],
  ]);
}

async function showStatus(options: StatusOptions): Promise<void> {
  const gateway = connectGateway(options);
  if (options.watch) return watchQueues(gateway, { isJson: options.json ?? false });
  const status = await gateway.get<QueueStatusView>("/api/v1/queues/status");
  if (options.json) printJson(status);
  else print(statusTables(status, status.paused_queues));
}

function addListCommand(queue: Command): void {
  const command = queue
    .command("ls")
    .description("ids of the tasks in a queue, in the order in which they will run")
    .argument("<name>", "the queue; retry, scheduled and dlq are queues too")
    .option("--limit <n>", "how many", wholeNumber(1, longestList), 20)
    .option("--json", "print JSON")
    .action(listQueue);
  withExamples(withGatewayOptions(command), [
    ["workstream queue ls primary", "what runs next"],
    ["workstream queue ls dlq --limit 10 | xargs workstream task retry", "retry the oldest dead letters"],
  ]);
}

async function listQueue(name: string, options: ListOptions): Promise<void> {
  const path = `/api/v1/queues/${encodeURIComponent(name)}/tasks`;
  const ids = await connectGateway(options).get<string[]>(path, { limit: options.limit });
  if (options.json) return printJson(ids);
  if (ids.length === 0) return note(`No tasks in ${name}.`);
  print(ids.join("\n"));
}

function addSwitchCommand(queue: Command, verb: "pause" | "resume", about: string): void {
  const command = queue
    .command(verb)
    .description(about)
    .argument("<name>", "the queue")
    .option("--json", "print JSON")
    .action(async (name: string, options: GatewayOptions & { json?: boolean }) => {
      const gateway = connectGateway(options);
      const answer = await gateway.post<PausedQueue>(`/api/v1/queues/${encodeURIComponent(name)}/${verb}`);
      if (options.json) return printJson(answer);
      print(answer.message);
    });
  withExamples(withGatewayOptions(command), [[`workstream queue ${verb} primary`, about]]);
}
