import type { ParsedInput, TaskCatalog, TaskTypeInfo } from "@workstream/core";
import { jsonSchemaOf } from "./json-schema.ts";
import { type Parsed, parseWith, pointerOf } from "./schema.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import { isTaskDefinition, type TaskDefinition } from "./task-definition.ts";

/**
 * What a gateway may know of task types, without their handlers.
 * @throws TypeError for something that `defineTask` did not make, for a type defined twice, for a type with
 * a concurrency of its own that shares its queue, and for two definitions of one service
 */
export function createCatalog(definitions: readonly TaskDefinition[]): TaskCatalog {
  assertDefinitions(definitions);
  const infos = definitions.map(infoOf);
  const byType = new Map(infos.map((info) => [info.type, info]));
  return {
    list: () => infos,
    get: (type) => byType.get(type),
  };
}

/** The rules that hold between the definitions of one program. */
export function assertDefinitions(definitions: readonly TaskDefinition[]): void {
  const types = new Set<string>();
  for (const definition of definitions) {
    if (!isTaskDefinition(definition)) throw new TypeError("A task definition must come from defineTask().");
    if (types.has(definition.type)) throw new TypeError(`Task type "${definition.type}" is defined twice.`);
    types.add(definition.type);
    assertOwnQueue(definition, definitions);
  }
  servicesOf(definitions);
}

/**
 * The services that these types name, each once.
 * @throws TypeError for two definitions of one name: they would share a breaker and not agree on it
 */
export function servicesOf(definitions: readonly TaskDefinition[]): ServiceDefinition[] {
  const byName = new Map<string, ServiceDefinition>();
  for (const service of definitions.flatMap(({ services }) => services)) {
    const known = byName.get(service.name) ?? service;
    if (known !== service) {
      throw new TypeError(`Service "${service.name}" has two definitions; task types must share one.`);
    }
    byName.set(service.name, service);
  }
  return [...byName.values()];
}

/** Claims are made by queue, so a bound on a type can be kept only where the queue holds no other. */
function assertOwnQueue(definition: TaskDefinition, definitions: readonly TaskDefinition[]): void {
  if (definition.concurrency === null) return;
  const { type, queue } = definition;
  const other = definitions.find((each) => each.queue === queue && each.type !== type);
  if (!other) return;
  throw new TypeError(
    `Task type "${type}" has a concurrency of its own, so it can't share queue "${queue}" with "${other.type}".`,
  );
}

function infoOf(definition: TaskDefinition): TaskTypeInfo {
  const { type, queue, description, takesFile, timeoutMs, retry } = definition;
  return {
    type,
    queue,
    description,
    inputSchema: jsonSchemaOf(definition.input, "input"),
    outputSchema: jsonSchemaOf(definition.output, "output"),
    takesFile,
    maxRetries: retry.maxRetries,
    timeoutMs,
    parseInput: (input) => parseInput(definition, input),
  };
}

function parseInput({ input: schema }: TaskDefinition, input: unknown): ParsedInput {
  const parsed = parseWith(schema, input);
  if (parsed instanceof Promise) return acceptUnchecked(parsed, input);
  if (parsed.isValid) return parsed;
  const issues = parsed.issues.map((issue) => ({ pointer: pointerOf(issue), message: issue.message }));
  return { isValid: false, issues };
}

/** An asynchronous schema can't be asked here; the worker asks it before the handler runs. */
function acceptUnchecked(parsed: Promise<Parsed>, input: unknown): ParsedInput {
  parsed.catch(() => {});
  return { isValid: true, value: input };
}
