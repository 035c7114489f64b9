import type { BulkAction } from "@workstream/core";
import type { Command } from "commander";
import { type BulkOptions, filterOf, withFilterOptions } from "../bulk-options.ts";
import { CliError } from "../cli-error.ts";
import { withExamples } from "../examples.ts";
import type { GatewayClient } from "../gateway-client.ts";
import { connectGateway, withGatewayOptions } from "../gateway-options.ts";
import { note, print, printJson } from "../output.ts";
import { runBulk } from "../run-bulk.ts";

type Verb = {
  name: string;
  action: BulkAction;
  about: string;
  done: string;
  act(gateway: GatewayClient, path: string, options: BulkOptions): Promise<unknown>;
};

const verbs: readonly Verb[] = [
  {
    name: "retry",
    action: "retry",
    about: "run FAILED, DLQ or CANCELLED tasks again",
    done: "is pending again",
    act: (gateway, path, { resetRetryCount = false }) =>
      gateway.post(`${path}/retry`, { reset_retry_count: resetRetryCount }),
  },
  {
    name: "cancel",
    action: "cancel",
    about: "stop tasks, waiting or running",
    done: "is cancelled",
    act: (gateway, path) => gateway.post(`${path}/cancel`),
  },
  {
    name: "rm",
    action: "delete",
    about: "delete tasks with every trace",
    done: "is deleted",
    act: (gateway, path) => gateway.delete(path),
  },
];

export function addTaskVerbCommands(parent: Command): void {
  for (const verb of verbs) {
    const command = parent
      .command(verb.name)
      .description(verb.about)
      .argument("[id...]", "task ids")
      .option("--json", "print JSON");
    if (verb.name === "retry") command.option("--reset-retry-count", "start counting retries anew");
    if (verb.name === "rm") command.alias("delete");
    command.action((ids: string[], options: BulkOptions) => runEither(verb, ids, options));
    withExamples(withGatewayOptions(withFilterOptions(command)), [
      [
        `workstream task ${verb.name} 01890a5d-… 01890a5e-…`,
        "two tasks; those that refuse don't stop the others",
      ],
      [`workstream task ${verb.name} --type summarize --dry-run`, "how many there are of one type"],
    ]);
  }
}

/** Single tasks by their ids, or all that match. */
async function runEither(verb: Verb, ids: readonly string[], options: BulkOptions): Promise<void> {
  const filter = filterOf(options);
  if (filter === null && ids.length > 0) return runVerb(verb, ids, options);
  if (filter !== null && ids.length === 0) return runBulk(verb.action, filter, options);
  const fault = ids.length > 0 ? "Give ids or filters, not both" : "Give task ids, or a filter";
  throw new CliError("badUsage", `${fault}: workstream task ${verb.name} --help`);
}

type VerbAnswer =
  | { task_id: string; answer: unknown }
  | { task_id: string; error: string; reason: CliError["reason"] };

async function runVerb(verb: Verb, ids: readonly string[], options: BulkOptions): Promise<void> {
  const gateway = connectGateway(options);
  const answers: VerbAnswer[] = [];
  for (const id of ids) {
    const answer = await verbAnswer(
      id,
      verb.act(gateway, `/api/v1/tasks/${encodeURIComponent(id)}`, options),
    );
    answers.push(answer);
    if (options.json) continue;
    if ("error" in answer) note(`${id}: ${answer.error}`);
    else print(`${id} ${verb.done}`);
  }
  if (options.json) printJson(answers);
  const refused = answers.filter((answer) => "error" in answer);
  if (refused[0])
    throw new CliError(refused[0].reason, `${refused.length} of ${ids.length} tasks: nothing done.`);
}

async function verbAnswer(id: string, acted: Promise<unknown>): Promise<VerbAnswer> {
  try {
    return { task_id: id, answer: await acted };
  } catch (error) {
    if (!(error instanceof CliError) || error.reason === "unreachable") throw error;
    return { task_id: id, error: error.message, reason: error.reason };
  }
}
