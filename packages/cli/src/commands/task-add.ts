import type { CreatedTask } from "@workstream/core";
import type { Command } from "commander";
import { awaitTask } from "../await-task.ts";
import { CliError } from "../cli-error.ts";
import { withExamples } from "../examples.ts";
import type { GatewayClient, Query } from "../gateway-client.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { note, print, printJson } from "../output.ts";
import { readJson, readTaskSource, type TaskSource } from "../task-input.ts";
import { wholeNumber } from "../whole-number.ts";

type AddOptions = GatewayOptions & {
  type?: string;
  input?: string;
  queue?: string;
  priority?: string;
  delay?: number;
  maxRetries?: number;
  timeout?: number;
  expires?: number;
  idempotencyKey?: string;
  metadata?: string;
  issueDate?: string;
  wait?: true | number;
  json?: boolean;
};

const longestSeconds = 365 * 24 * 3600;
const defaultWaitSeconds = 300;

export function addTaskAddCommand(parent: Command): void {
  const seconds = wholeNumber(0, longestSeconds);
  const command = parent
    .command("add")
    .description("create a task: a text is summarized, a PDF is extracted, --type runs any other type")
    .argument("[text|file|-]", "a text, the path of a .pdf or a text file, or - for standard input")
    .option("--type <type>", "the task type")
    .option("--input <json>", "the input of that type: JSON, @file or - for standard input")
    .option("--queue <name>", "the queue (default: the type's own)")
    .option("--priority <priority>", "high, normal or low")
    .option("--delay <seconds>", "wait before the first run", seconds)
    .option("--max-retries <n>", "retries after a failed attempt", wholeNumber(0, 100))
    .option("--timeout <seconds>", "limit on one attempt", seconds)
    .option("--expires <seconds>", "cancel it when it has not started by then", seconds)
    .option("--idempotency-key <key>", "the same key creates no second task")
    .option("--metadata <json>", "a JSON object kept with the task")
    .option("--issue-date <date>", "of a PDF, as YYYY-MM-DD")
    .option("--wait [seconds]", `wait for the result and print it (default: ${defaultWaitSeconds})`, seconds)
    .option("--json", "print JSON")
    .action(addTask);
  withExamples(withGatewayOptions(command), [
    ['workstream task add "A long text …" --wait', "summarize a text and print the summary"],
    ["workstream task add report.pdf --priority high", "extract a PDF"],
    ["cat notes.txt | workstream task add -", "summarize standard input"],
    ["workstream task add --type resize --input '{\"width\":200}'", "run a task type of your own"],
  ]);
}

async function addTask(argument: string | undefined, options: AddOptions): Promise<void> {
  const gateway = connectGateway(options);
  const created = await createTask(gateway, argument, options);
  if (options.wait !== undefined) {
    const seconds = options.wait === true ? defaultWaitSeconds : options.wait;
    return awaitTask(gateway, created, { seconds, isJson: options.json ?? false });
  }
  if (options.json) return printJson(created);
  print(created.task_id);
  note(`${created.state}. Follow it with: workstream task get ${created.task_id}`);
}

async function createTask(
  gateway: GatewayClient,
  argument: string | undefined,
  options: AddOptions,
): Promise<CreatedTask> {
  const settings = await creationOptions(options);
  if (options.input !== undefined) {
    if (argument !== undefined) throw new CliError("badUsage", "Give either a text or file, or --input.");
    if (!options.type) throw new CliError("badUsage", "--input needs --type.");
    const input = await readJson("--input", options.input);
    return gateway.post(
      `/api/v1/tasks/${encodeURIComponent(options.type)}`,
      bodyFor(options.type, input, settings),
    );
  }
  if (argument === undefined)
    throw new CliError("badUsage", "Give a text, a file, - or --type with --input.");
  return createFromSource(gateway, await readTaskSource(argument), { ...options, settings });
}

/** summarize takes its input at the top of the body, a text as its content; every other type under `input`. */
function bodyFor(type: string, input: unknown, settings: Record<string, unknown>): unknown {
  if (type !== "summarize") return { input, ...settings };
  return typeof input === "string" ? { content: input, ...settings } : { ...(input as object), ...settings };
}

function createFromSource(
  gateway: GatewayClient,
  source: TaskSource,
  { type, issueDate, settings }: AddOptions & { settings: Record<string, unknown> },
): Promise<CreatedTask> {
  const natural = source.kind === "pdf" ? "pdfxtract" : "summarize";
  if (type && type !== natural) {
    throw new CliError(
      "badUsage",
      `A ${source.kind} goes to ${natural}; give the input of ${type} with --input.`,
    );
  }
  if (source.kind === "text" && issueDate)
    throw new CliError("badUsage", "--issue-date belongs to a PDF, and this is a text.");
  if (source.kind === "text")
    return gateway.post("/api/v1/tasks/summarize", { content: source.text, ...settings });
  const form = new FormData();
  form.set(
    "file",
    new Blob([source.bytes as Uint8Array<ArrayBuffer>], { type: "application/pdf" }),
    source.name,
  );
  if (issueDate) form.set("issue_date", issueDate);
  return gateway.upload("/api/v1/tasks/pdfxtract", form, queryOf(settings));
}

async function creationOptions(options: AddOptions): Promise<Record<string, unknown>> {
  const settings = {
    queue: options.queue,
    priority: options.priority,
    delay_seconds: options.delay,
    max_retries: options.maxRetries,
    timeout_seconds: options.timeout,
    expires_in_seconds: options.expires,
    idempotency_key: options.idempotencyKey,
    metadata: options.metadata === undefined ? undefined : await readJson("--metadata", options.metadata),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function queryOf(settings: Record<string, unknown>): Query {
  const entries = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === "object" ? JSON.stringify(value) : (value as string | number),
  ]);
  return Object.fromEntries(entries);
}
