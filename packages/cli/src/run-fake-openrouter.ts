import { once } from "node:events";
import { parseRateLimit } from "@workstream/core";
import {
  type FakeOpenRouter,
  type FakeOpenRouterControl,
  type RequestRecord,
  startFakeOpenRouter,
} from "@workstream/tasks";
import { z } from "zod";
import { CliError } from "./cli-error.ts";
import { note, print } from "./output.ts";

export type FakeOpenRouterCommandOptions = {
  port: number;
  fail?: string[];
  latency: number;
  pieceDelay: number;
  balance?: number;
  limit?: string;
  checkKey?: boolean;
  verbose?: boolean;
};

/** Serves until a signal. */
export async function runFakeOpenRouter(options: FakeOpenRouterCommandOptions): Promise<void> {
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const fake = await start(options);
  announce(fake);
  await stopped;
  await fake.close();
}

async function start(options: FakeOpenRouterCommandOptions): Promise<FakeOpenRouter> {
  try {
    return await startFakeOpenRouter({
      port: options.port,
      control: controlFrom(options),
      ...(options.verbose && { onAnswered: (record) => print(requestLine(record)) }),
    });
  } catch (error) {
    throw explained(error, options.port);
  }
}

function controlFrom(options: FakeOpenRouterCommandOptions): FakeOpenRouterControl {
  return {
    latencyMs: options.latency,
    pieceMs: options.pieceDelay,
    checksKey: options.checkKey ?? false,
    fail: options.fail ?? [],
    ...(options.balance !== undefined && { balance: options.balance }),
    ...(options.limit !== undefined && { limit: { ...limitFrom(options.limit), enforces: true } }),
  };
}

function limitFrom(text: string) {
  const limit = parseRateLimit(text);
  if (limit) return limit;
  throw new CliError("badUsage", `--limit ${text} is no limit: use calls/interval, such as 20/1m.`);
}

function explained(error: unknown, port: number): unknown {
  if (error instanceof z.ZodError) {
    const reasons = error.issues.map(({ path, message }) => `${fieldName(path)}${message}`);
    return new CliError("badUsage", `--fail: ${reasons.join("; ")} (--help lists the faults)`);
  }
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return new CliError("failed", `Port ${port} is taken: choose another one with --port.`, error);
  }
  return error;
}

/** The rule's place in the list says nothing to who typed it. */
function fieldName(path: readonly PropertyKey[]): string {
  const [, , field] = path;
  return field === undefined || field === "fault" ? "" : `${String(field)}: `;
}

function announce({ baseUrl, origin }: FakeOpenRouter): void {
  print(`A fake OpenRouter is running at ${baseUrl}

Let Workstream call it:
  OPENROUTER_BASE_URL=${baseUrl} OPENROUTER_API_KEY=test-key npx workstream up
Tell it to fail, and to be well again:
  curl -s ${origin}/control -d '{"fail":["429,retry-after=5,next=1"]}'
  curl -s ${origin}/control -d '{"clear":true}'
See what arrived:
  curl -s ${origin}/control/requests
`);
  note("Ctrl-C stops it.");
}

function requestLine({
  at,
  number,
  path,
  model,
  isStream,
  outcome,
  fault,
  durationMs,
}: RequestRecord): string {
  const time = new Date(at).toISOString().slice(11, 23);
  const what = [path, model, isStream ? "streamed" : null].filter((part) => part !== null).join(" ");
  const how = fault === null ? outcome : `${outcome} (${fault})`;
  return `${time} #${number} ${what} → ${how} in ${Math.round(durationMs ?? 0)} ms`;
}
