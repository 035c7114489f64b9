/** Single tasks, counts, and the heads of queues. Pages are read by list-query.ts. */
import type {
  DeadLetterGroups,
  QueueSnapshots,
  QueueStatus,
  Task,
  TaskListQuery,
  TaskPage,
  TaskReading,
  TaskState,
} from "@workstream/core";
import { RedisDeadLetterGroups } from "./dead-letter-groups.ts";
import type { RedisInputs } from "./input-store.ts";
import { linePosition } from "./line-position.ts";
import { listTasks } from "./list-query.ts";
import { readQueueOverview } from "./queue-overview.ts";
import type { StoreLink } from "./store-link.ts";
import { idsOfQueue, newestDeadLetters } from "./task-lists.ts";
import { readTask, readTasks } from "./task-reader.ts";

export class RedisReading implements TaskReading {
  readonly #link: StoreLink;
  readonly #inputs: RedisInputs;
  readonly #groups: RedisDeadLetterGroups;

  constructor(link: StoreLink, inputs: RedisInputs) {
    this.#link = link;
    this.#inputs = inputs;
    this.#groups = new RedisDeadLetterGroups(link);
  }

  get(id: string): Promise<Task | null> {
    return readTask(this.#link, this.#inputs, id);
  }

  list(query: TaskListQuery): Promise<TaskPage> {
    return listTasks(this.#link, this.#inputs, query);
  }

  async status(): Promise<QueueStatus> {
    const [, queues, states, ratio] = await this.#link.scripts.run("status", {});
    return {
      queues: countsByName(queues),
      states: countsByName(states) as Record<TaskState, number>,
      retryRatio: ratio / 1_000,
    };
  }

  queueOverview(): Promise<QueueSnapshots> {
    return readQueueOverview(this.#link);
  }

  queueTaskIds(queue: string, limit: number): Promise<string[] | null> {
    return idsOfQueue(this.#link, queue, limit);
  }

  linePosition(id: string): Promise<number | null> {
    return linePosition(this.#link, id);
  }

  async deadLetters(limit: number): Promise<Task[]> {
    return readTasks(this.#link, this.#inputs, await newestDeadLetters(this.#link, limit));
  }

  deadLetterGroups(limit: number): Promise<DeadLetterGroups> {
    return this.#groups.read(limit);
  }
}

function countsByName(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < values.length; at += 2) counts[String(values[at])] = Number(values[at + 1]);
  return counts;
}
