import type { Command } from "commander";

/** Puts examples under a command's --help: pairs of a line to type and what it does. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, about: string])[],
): Command {
  const lines = examples.map(([line, about]) => `  $ ${line}\n      ${about}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
