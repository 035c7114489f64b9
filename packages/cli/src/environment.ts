import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CliError } from "./cli-error.ts";
import type { Environment } from "./config.ts";

/**
 * The only reader of the process environment. Settings come from there and from `.env` in the working directory;
 * where both name one, the process environment wins, unless its value is empty, which means not set.
 */
export function readEnvironment(directory: string = process.cwd()): Environment {
  const set = Object.entries(process.env).filter(([, value]) => value?.trim());
  return { ...readEnvFile(join(directory, ".env")), ...Object.fromEntries(set) };
}

function readEnvFile(path: string): Environment {
  const variables = parseEnv(readText(path));
  // A line without "=" becomes a part of the next name, and so would hide that setting.
  const swallowed = Object.keys(variables).find((name) => !/^[\w.-]+$/.test(name));
  if (swallowed === undefined) return variables;
  const [line] = swallowed.split("\n");
  throw new CliError("badUsage", `${path}: the line that begins with "${line}" is not NAME=value.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new CliError("badUsage", `${path} can't be read: ${(error as Error).message}`);
  }
}

/** Whether errors are to come with their stack; asked also when the configuration itself is at fault. */
export function isDebugging(): boolean {
  try {
    return /^(debug|trace)$/i.test(readEnvironment().LOG_LEVEL ?? "");
  } catch {
    return false;
  }
}
