import type { GatewayHealth } from "@workstream/core";
import type { Command } from "commander";
import { type DemoProgress, showPlainProgress, showTerminalProgress } from "../demo-progress.ts";
import { chosenLanguages, createDemoTasks, type DemoTask, deleteDemoTasks } from "../demo-tasks.ts";
import { brokenPdfs, demoLanguages } from "../demo-texts.ts";
import { watchDemoTasks } from "../demo-watch.ts";
import { withExamples } from "../examples.ts";
import type { GatewayClient } from "../gateway-client.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { isTerminal, note, print, printJson } from "../output.ts";
import { wholeNumber } from "../whole-number.ts";

type DemoOptions = GatewayOptions & {
  count: number;
  delay: number;
  languages?: true | string;
  failing?: boolean;
  watch?: boolean;
  cleanup?: boolean;
  json?: boolean;
};

export function addDemoCommand(program: Command): void {
  const command = program
    .command("demo")
    .description("give a running gateway some sample tasks")
    .option("--count <n>", "how many texts to summarize", wholeNumber(0, 10_000), 12)
    .option("--delay <seconds>", "pause between one task and the next", wholeNumber(0, 3600), 0)
    .option(
      "--languages [codes]",
      `texts in all languages, or in some of ${demoLanguages.join(",")} (default: en)`,
    )
    .option("--failing", `also ${brokenPdfs.length} broken PDFs, which end in the DLQ`)
    .option("--watch", "stay and show what becomes of them")
    .option("--cleanup", "delete the tasks of all demos instead")
    .option("--json", "print JSON")
    .action((options: DemoOptions) => (options.cleanup ? cleanUp(options) : runDemo(options)));
  withExamples(withGatewayOptions(command), [
    ["workstream demo --watch", "twelve summaries, live"],
    ["workstream demo --count 40 --languages --failing --watch", "many languages, and some dead letters"],
    ["workstream demo --cleanup", "leave nothing behind"],
  ]);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const gateway = connectGateway(options);
  const plan = {
    count: options.count,
    pauseMs: options.delay * 1000,
    languages: chosenLanguages(options.languages),
    withFailing: options.failing ?? false,
  };
  await warnWithoutWorkers(gateway);
  const created = createDemoTasks(gateway, plan);
  if (!options.watch) return listCreated(created, options.json ?? false);
  const expected = plan.count + (plan.withFailing ? brokenPdfs.length : 0);
  const board = await watchDemoTasks(gateway, created, progressFor(options, expected));
  if (options.json) printJson(board.tasks);
}

function progressFor(options: DemoOptions, expected: number): DemoProgress {
  if (options.json) return showPlainProgress(note);
  return isTerminal() ? showTerminalProgress(expected) : showPlainProgress(print);
}

async function warnWithoutWorkers(gateway: GatewayClient): Promise<void> {
  const { components } = await gateway.get<GatewayHealth>("/health");
  if (!components.workers)
    note("No worker is alive, so the tasks will wait: start one with `workstream worker`.");
}

async function listCreated(created: AsyncIterable<DemoTask>, isJson: boolean): Promise<void> {
  const tasks: DemoTask[] = [];
  for await (const task of created) {
    tasks.push(task);
    if (!isJson) print(`${task.id} ${task.label}`);
  }
  if (isJson) printJson(tasks);
  else
    note(
      `${tasks.length} tasks. \`workstream queue status --watch\` shows them; \`workstream demo --cleanup\` deletes them.`,
    );
}

async function cleanUp(options: DemoOptions): Promise<void> {
  const deleted = await deleteDemoTasks(connectGateway(options));
  if (options.json) printJson({ deleted });
  else print(`Deleted ${deleted} demo tasks.`);
}
