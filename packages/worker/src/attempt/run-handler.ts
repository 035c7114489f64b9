import { describeIssues, type Parsed, parseWith } from "../definition/schema.ts";
import type { TaskContext } from "../definition/task-context.ts";
import type { TaskDefinition } from "../definition/task-definition.ts";
import { taskError, verdictOf } from "../definition/verdict.ts";
import type { Attempt } from "./attempt.ts";
import { parseTaskInput } from "./task-input.ts";

/** How a handler came to its end. */
export type Ending = { kind: "returned"; result: string } | { kind: "threw"; thrown: unknown };

/** Comes between a valid input and the handler: it runs the handler, or ends the attempt without it. */
export type Around = (input: unknown, run: () => Promise<Ending>) => Promise<Ending>;

/**
 * Validates, runs, validates. Never rejects: whatever goes wrong is an ending.
 *
 * What is there at once is not awaited: each await costs a short task more than validating it.
 */
export async function runHandler(
  { task, definition }: Attempt,
  context: TaskContext,
  around: Around | null = null,
): Promise<Ending> {
  try {
    const parsed = parseTaskInput(task, definition);
    const input = parsed instanceof Promise ? await parsed : parsed;
    if (!input.isValid) return invalid("input", input.issues);
    if (around) return await around(input.value, () => runOn(input.value, definition, context));
    const ending = endingOf(await definition.run(input.value, context), definition);
    return ending instanceof Promise ? await ending : ending;
  } catch (thrown) {
    return { kind: "threw", thrown };
  }
}

async function runOn(input: unknown, definition: TaskDefinition, context: TaskContext): Promise<Ending> {
  try {
    return await endingOf(await definition.run(input, context), definition);
  } catch (thrown) {
    return { kind: "threw", thrown };
  }
}

function endingOf(answer: unknown, { output: schema }: TaskDefinition): Ending | Promise<Ending> {
  if (verdictOf(answer)) return { kind: "threw", thrown: answer };
  const output = parseWith(schema, answer);
  return output instanceof Promise ? output.then(endingOfOutput) : endingOfOutput(output);
}

function endingOfOutput(output: Parsed): Ending {
  return output.isValid ? returned(output.value) : invalid("result", output.issues);
}

/** No retry helps against a wrong input or a handler that breaks its own contract. */
function invalid(what: "input" | "result", issues: Parameters<typeof describeIssues>[0]): Ending {
  return {
    kind: "threw",
    thrown: taskError("ValidationError", `Invalid ${what}: ${describeIssues(issues)}`),
  };
}

/** About what one reply of the gateway can carry; the stores hold results in memory. */
export const maxResultLength = 16 * 1024 * 1024;

/** Text as it is, anything else as JSON; nothing at all is null. */
function returned(output: unknown): Ending {
  const result = typeof output === "string" ? output : (JSON.stringify(output) ?? "null");
  if (result.length <= maxResultLength) return { kind: "returned", result };
  const message = `The result has ${result.length} characters; at most ${maxResultLength} are stored.`;
  return { kind: "threw", thrown: taskError("PermanentError", message) };
}
