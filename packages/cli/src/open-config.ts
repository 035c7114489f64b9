import { CliError } from "./cli-error.ts";
import { type ConfigRule, loadConfig } from "./config.ts";
import type { Config } from "./config-schema.ts";
import { readEnvironment } from "./environment.ts";

export type OpenedConfig = { config: Config; warnings: string[] };

/**
 * The configuration of this process.
 * @throws CliError (badUsage) that lists every problem, and the warnings, which may explain them
 */
export function openConfig(rules: readonly ConfigRule[] = []): OpenedConfig {
  const loaded = loadConfig(readEnvironment(), rules);
  if (loaded.isValid) return loaded;
  const lines = [...loaded.problems, ...loaded.warnings];
  throw new CliError(
    "badUsage",
    lines.length === 1 ? lines.join() : `The configuration is not right.\n${indented(lines)}`,
  );
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
