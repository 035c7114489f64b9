/**
 * Loads users' modules with task types: any .js, .mjs or .ts on disk, or a package of the working directory.
 *
 * Definitions are known by their brand, so they may be exported under any name, as default, or in lists.
 */
import { existsSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isTaskDefinition, type TaskDefinition } from "@workstream/worker";
import { CliError } from "./cli-error.ts";
import { installResolveHook } from "./install-resolve-hook.ts";
import { fromDirectory } from "./resolve-hook.ts";

/**
 * `builtIn` and every definition that the modules export, in this order.
 * @param names paths, absolute or relative to `directory`, or names of packages that are installed there
 * @throws CliError (badUsage) that says which module is at fault, and how
 */
export async function loadTaskModules(
  builtIn: readonly TaskDefinition[],
  names: readonly string[],
  directory: string = process.cwd(),
): Promise<TaskDefinition[]> {
  const origins = new Map(builtIn.map(({ type }) => [type, "the program itself"]));
  const definitions = [...builtIn];
  if (names.length > 0) await installResolveHook({ directory, withTypeScript: names.some(isTypeScript) });
  for (const name of names) {
    for (const definition of await loadTaskModule(name, directory)) {
      const { type } = definition;
      // One module under two names is still one module.
      if (definitions.includes(definition)) continue;
      const origin = origins.get(type);
      if (origin)
        throw new CliError("badUsage", `Task type "${type}" is defined twice: by ${origin} and by ${name}.`);
      origins.set(type, name);
      definitions.push(definition);
    }
  }
  return definitions;
}

async function loadTaskModule(name: string, directory: string): Promise<TaskDefinition[]> {
  const exported = await importModule(name, specifierOf(name, directory));
  const definitions = [...new Set(Object.values(exported).flat())].filter(isTaskDefinition);
  if (definitions.length > 0) return definitions;
  throw new CliError("badUsage", `${name} exports no task type: export what defineTask returns.`);
}

function specifierOf(name: string, directory: string): string {
  const path = resolve(directory, name);
  if (existsSync(path) && !statSync(path).isDirectory()) return pathToFileURL(path).href;
  const isPath =
    /^[./\\]/.test(name) || isTypeScript(name) || [".js", ".mjs", ".cjs"].includes(extname(name));
  if (isPath && existsSync(path))
    throw new CliError("badUsage", `${path} is a folder: name the module in it.`);
  if (isPath) throw new CliError("badUsage", `There is no task module ${path}.`);
  return fromDirectory + name;
}

function isTypeScript(name: string): boolean {
  return [".ts", ".mts", ".cts", ".tsx"].includes(extname(name));
}

async function importModule(name: string, specifier: string): Promise<Record<string, unknown>> {
  try {
    return await import(specifier);
  } catch (error) {
    throw new CliError("badUsage", loadFailure(name, error), error);
  }
}

function loadFailure(name: string, error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
  if (error instanceof Error && error.name === "TransformError")
    return `${name} has a syntax error: ${message}`;
  const isSyntax = error instanceof SyntaxError && !message.includes("does not provide an export");
  // Node doesn't tell where, once hooks are installed.
  if (isSyntax) return `${name} has a syntax error: ${message} (node --check ${name} shows where.)`;
  return `${name} can't be loaded: ${message}`;
}
