import { WorkstreamError } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import { isDebugging } from "./environment.ts";
import type { ExitReason } from "./exit-codes.ts";
import { note } from "./output.ts";

/** One clear sentence on stderr, and the stack where LOG_LEVEL asks for it. Answers why the program ends. */
export function reportError(error: unknown): ExitReason {
  const { reason, message } = explain(error);
  note(`workstream: ${message}`);
  if (isDebugging() && error instanceof Error) note(stackOf(error));
  return reason;
}

export function explain(error: unknown): { reason: ExitReason; message: string } {
  if (error instanceof CliError) return error;
  if (error instanceof WorkstreamError) {
    return { reason: reasonOf(error), message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { reason: "failed", message: `${message} (LOG_LEVEL=debug shows where.)` };
}

function reasonOf({ code, status }: WorkstreamError): ExitReason {
  if (code === "invalid_input") return "badUsage";
  return status === 503 ? "unreachable" : "failed";
}

function stackOf({ stack, cause }: Error): string {
  return cause instanceof Error ? `${stack}\ncaused by: ${stackOf(cause)}` : `${stack}`;
}
