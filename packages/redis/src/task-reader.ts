/** Reads whole tasks, or summaries without their bodies, many in one pipeline. */
import type { Task } from "@workstream/core";
import type { ChainableCommander } from "ioredis";
import type { RedisInputs } from "./input-store.ts";
import type { StoreLink } from "./store-link.ts";
import { summaryFields, type TaskHash, taskOfHash } from "./task-hash.ts";

export async function readTask(link: StoreLink, inputs: RedisInputs, id: string): Promise<Task | null> {
  const [task] = await readTasks(link, inputs, [id]);
  return task ?? null;
}

/** In the order of the ids; those that are gone are left out. Long texts are in place. */
export async function readTasks(
  link: StoreLink,
  inputs: RedisInputs,
  ids: readonly string[],
): Promise<Task[]> {
  const hashes = await pipelined<Record<string, string>>(link, ids, (pipeline, key) => pipeline.hgetall(key));
  const tasks = ids.flatMap((id, index) => {
    const hash: TaskHash = hashes[index] ?? {};
    return hash.state === undefined ? [] : [{ task: taskOfHash(id, hash), hasInput: hash.input === "1" }];
  });
  for (const { task, hasInput } of tasks) {
    if (hasInput && task.contentKind !== "file") task.content = await inputs.readText(task.id);
  }
  return tasks.map(({ task }) => task);
}

/** As readTasks, without fetching `content` and `result`. */
export async function readSummaries(link: StoreLink, ids: readonly string[]): Promise<Task[]> {
  const replies = await pipelined<unknown>(link, ids, (pipeline, key) =>
    pipeline
      .hmget(key, ...summaryFields)
      .hstrlen(key, "content")
      .hexists(key, "result"),
  );
  return ids.flatMap((id, index) => {
    const [values, contentBytes, hasResult] = replies.slice(index * 3, index * 3 + 3);
    const hash = hashOf(summaryFields, values as (string | null)[]);
    if (hash.state === undefined) return [];
    return [taskOfHash(id, hash, { contentBytes: Number(contentBytes), hasResult: hasResult === 1 })];
  });
}

/** Some fields of each hash, null for one that is gone. */
export async function readFields(
  link: StoreLink,
  ids: readonly string[],
  fields: readonly string[],
): Promise<TaskHash[]> {
  const replies = await pipelined<(string | null)[]>(link, ids, (pipeline, key) =>
    pipeline.hmget(key, ...fields),
  );
  return replies.map((values) => hashOf(fields, values));
}

function hashOf(fields: readonly string[], values: readonly (string | null)[]): TaskHash {
  return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? undefined]));
}

/** One round trip for all ids; the replies of all commands in a row. */
async function pipelined<T>(
  link: StoreLink,
  ids: readonly string[],
  add: (pipeline: ChainableCommander, taskKey: string) => unknown,
): Promise<T[]> {
  if (ids.length === 0) return [];
  return link.connection.read(async (client) => {
    const pipeline = client.pipeline();
    for (const id of ids) add(pipeline, link.keys.task(id));
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, reply]) => {
      if (error) throw error;
      return reply as T;
    });
  });
}
