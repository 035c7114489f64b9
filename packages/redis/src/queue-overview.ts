/** What waits in every queue, since when. A queue is a few O(1) reads in a script; so many of them go into one call. */
import {
  inStateSince,
  primaryQueue,
  type QueueSnapshot,
  type QueueSnapshots,
  timeOfTaskId,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";
import { idsOfQueue, listDepth, newestDeadLetters } from "./task-lists.ts";
import { readFields } from "./task-reader.ts";

const queuesAtOnce = 100;
/** Queue, whether it is paused, four depths, heads. */
const replyWidth = 7;
/** Id, history, updated_at, created_at. */
const headWidth = 4;

export async function readQueueOverview(link: StoreLink): Promise<QueueSnapshots> {
  const named = await link.connection.read((client) => client.smembers(link.keys.queues));
  const names = [primaryQueue, ...named.sort()];
  const queues: QueueSnapshot[] = [];
  for (let at = 0; at < names.length; at += queuesAtOnce) {
    queues.push(...(await readSome(link, names.slice(at, at + queuesAtOnce))));
  }
  const [scheduled, deadLetters] = await Promise.all([readScheduled(link), readDeadLetters(link)]);
  return { queues, scheduled, deadLetters };
}

async function readSome(link: StoreLink, names: readonly string[]): Promise<QueueSnapshot[]> {
  const [, values] = await link.scripts.run("queue-overview", { records: names.map((queue) => ({ queue })) });
  return names.flatMap((_, at) => snapshotsOf(values.slice(at * replyWidth, (at + 1) * replyWidth)));
}

/** The retries of primary are a queue of their own. */
function snapshotsOf(values: readonly (string | number | string[])[]): QueueSnapshot[] {
  const [name, paused, ...rest] = values;
  const [high = 0, normal = 0, low = 0, retry = 0] = rest.slice(0, 4).map(Number);
  const [queue, isPaused] = [String(name), paused === 1];
  const heads = headsOf(rest[4] as string[]);
  const lanes = { high, normal, low, retry };
  if (queue !== primaryQueue) return [{ queue, lanes, oldestWaitingAt: earliest(heads), isPaused }];
  const none = { high: 0, normal: 0, low: 0 };
  return [
    { queue, lanes: { ...lanes, retry: 0 }, oldestWaitingAt: earliest(heads.slice(0, 3)), isPaused },
    { queue: "retry", lanes: { ...none, retry }, oldestWaitingAt: earliest(heads.slice(3)), isPaused },
  ];
}

/** Since when the head of each lane waits; null for a lane without one. */
function headsOf(values: readonly string[]): (number | null)[] {
  return Array.from({ length: values.length / headWidth }, (_, at) => {
    const [id = "", history = "", updatedAt, createdAt] = values.slice(at * headWidth, (at + 1) * headWidth);
    return id === "" ? null : sinceOf(id, { history, updated_at: updatedAt, created_at: createdAt });
  });
}

/** Plain tasks that were never claimed keep when they were created in their id alone. */
function sinceOf(id: string, hash: Record<string, string | undefined>): number {
  const changedAt = Number(hash.updated_at || hash.created_at) || timeOfTaskId(id) || 0;
  return inStateSince(hash.history ?? null, changedAt);
}

function earliest(heads: readonly (number | null)[]): number | null {
  const instants = heads.filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

async function readScheduled({ connection, keys }: StoreLink): Promise<QueueSnapshots["scheduled"]> {
  const [waiting, next] = await connection.read((client) =>
    Promise.all([client.zcard(keys.scheduled), client.zrange(keys.scheduled, 0, "0", "WITHSCORES")]),
  );
  return { waiting, nextDueAt: next[1] === undefined ? null : Number(next[1]) };
}

async function readDeadLetters(link: StoreLink): Promise<QueueSnapshots["deadLetters"]> {
  const [waiting, oldest, newest] = await Promise.all([
    listDepth(link, link.keys.dlq),
    idsOfQueue(link, "dlq", 1),
    newestDeadLetters(link, 1),
  ]);
  const ids = [...(oldest ?? []), ...newest];
  const hashes = await readFields(link, ids, ["history", "updated_at", "created_at"]);
  const [oldestAt = null, newestAt = null] = ids.map((id, at) => sinceOf(id, hashes[at] ?? {}));
  return { waiting, oldestAt, newestAt };
}
