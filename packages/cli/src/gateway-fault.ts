import { problemSchema } from "@workstream/core";
import { z } from "zod";
import { CliError } from "./cli-error.ts";
import type { ExitReason } from "./exit-codes.ts";

/** A newer gateway may know codes that we don't. */
const wireProblemSchema = problemSchema.extend({ code: z.string() });
type Problem = z.output<typeof wireProblemSchema>;

/** The error for a refused request: the gateway's sentence, its code, and the faulty fields. */
export function gatewayFault(url: string, status: number, body: string): CliError {
  const problem = parseProblem(body);
  if (!problem) {
    const advice = "Check that a gateway runs there, or name another with --url.";
    return new CliError(
      "unreachable",
      `${url} answered ${status}, and not as a Workstream gateway does. ${advice}`,
    );
  }
  // The sentence of a single fault names its field already.
  const others = problem.errors.filter((error) => !problem.detail.includes(error.detail));
  const fields = others.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  return new CliError(
    reasonOf(status, problem.code),
    `${problem.detail} (${problem.code})${fields.join("")}`,
  );
}

function parseProblem(body: string): Problem | null {
  try {
    return wireProblemSchema.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

function reasonOf(status: number, code: string): ExitReason {
  if (code === "unknown_task_type") return "badUsage";
  if (status === 404 || code === "unknown_queue") return "notFound";
  if (code === "invalid_state" || status === 409) return "refused";
  if (status === 503) return "unreachable";
  return status < 500 && status !== 408 && status !== 429 ? "badUsage" : "failed";
}
