/** Counts as sums, single tasks where they are; pages of lists are merged by merged-list.ts. */
import type {
  DeadLetterGroup,
  DeadLetterGroups,
  QueueSnapshot,
  QueueSnapshots,
  QueueStatus,
  Task,
  TaskListQuery,
  TaskPage,
  TaskReading,
} from "@workstream/core";
import { sampledDeadLetters, unknownErrorGroup } from "@workstream/core";
import { readFields } from "../task-reader.ts";
import { mergedList } from "./merged-list.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";
import { sumOfStatus } from "./status-sum.ts";

export class PartitionedReading implements TaskReading {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  get(id: string): Promise<Task | null> {
    return this.#partitions.find(
      id,
      ({ stores }) => stores.tasks.get(id),
      (task) => task !== null,
    );
  }

  list(query: TaskListQuery): Promise<TaskPage> {
    return mergedList(this.#partitions, query);
  }

  async status(): Promise<QueueStatus> {
    return sumOfStatus(await this.#partitions.map(({ stores }) => stores.tasks.status()));
  }

  async queueOverview(): Promise<QueueSnapshots> {
    const all = await this.#partitions.map(({ stores }) => stores.tasks.queueOverview());
    const [primary, retry, ...named] = [...queuesOf(all).values()];
    return {
      queues: [primary, retry, ...named.sort((a, b) => (a.queue < b.queue ? -1 : 1))].filter(
        (queue) => queue !== undefined,
      ),
      scheduled: {
        waiting: sum(all.map(({ scheduled }) => scheduled.waiting)),
        nextDueAt: earliest(all.map(({ scheduled }) => scheduled.nextDueAt)),
      },
      deadLetters: {
        waiting: sum(all.map(({ deadLetters }) => deadLetters.waiting)),
        oldestAt: earliest(all.map(({ deadLetters }) => deadLetters.oldestAt)),
        newestAt: latest(all.map(({ deadLetters }) => deadLetters.newestAt)),
      },
    };
  }

  /** One of each partition in turn, as claims take them; what has a time in its order of time. */
  async queueTaskIds(queue: string, limit: number): Promise<string[] | null> {
    const lists = await this.#partitions.map(({ stores }) => stores.tasks.queueTaskIds(queue, limit));
    const known = lists.filter((ids) => ids !== null);
    if (known.length === 0) return null;
    const ids = inTurn(known);
    if (queue !== "dlq" && queue !== "scheduled") return (await this.#byLane(ids)).slice(0, limit);
    const tasks = await Promise.all(ids.map((id) => this.get(id)));
    const at = (task: Task | null) =>
      (queue === "dlq" ? (task?.completedAt ?? task?.updatedAt) : task?.retryAfterAt) ?? 0;
    const times = new Map(ids.map((id, index) => [id, at(tasks[index] ?? null)]));
    return ids
      .toSorted((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0) || (a < b ? -1 : 1))
      .slice(0, limit);
  }

  async #byLane(ids: readonly string[]): Promise<string[]> {
    const lanes = await Promise.all(ids.map((id) => laneRank(this.#partitions.of(id), id)));
    const ranks = new Map(ids.map((id, index) => [id, lanes[index] ?? 0]));
    return ids.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  }

  /** In the lane of its own partition: the others have their own. */
  linePosition(id: string): Promise<number | null> {
    return this.#partitions.find(
      id,
      ({ stores }) => stores.tasks.linePosition(id),
      (position) => position !== null,
    );
  }

  async deadLetters(limit: number): Promise<Task[]> {
    const lists = await this.#partitions.map(({ stores }) => stores.tasks.deadLetters(limit));
    const diedAt = (task: Task) => task.completedAt ?? task.updatedAt;
    return inTurn(lists)
      .toSorted((a, b) => diedAt(b) - diedAt(a))
      .slice(0, limit);
  }

  /** Each partition is asked for as many; a group that is not among the last grown of one is counted without it. */
  async deadLetterGroups(limit: number): Promise<DeadLetterGroups> {
    const all = await this.#partitions.map(({ stores }) => stores.tasks.deadLetterGroups(askedGroups(limit)));
    const groups = new Map<string, DeadLetterGroup>();
    for (const group of all.flatMap((one) => one.groups)) {
      const known = groups.get(group.group);
      groups.set(group.group, known ? groupsTogether(known, group) : group);
    }
    const order = ({ group, lastAt }: DeadLetterGroup) => (group === unknownErrorGroup ? -1 : lastAt);
    const isAll = all.every(({ groups: own, totalGroups }) => own.length >= totalGroups);
    return {
      groups: [...groups.values()].sort((a, b) => order(b) - order(a)).slice(0, limit),
      totalGroups: isAll ? groups.size : Math.max(groups.size, ...all.map(({ totalGroups }) => totalGroups)),
      totalDeadLetters: sum(all.map(({ totalDeadLetters }) => totalDeadLetters)),
    };
  }
}

const laneOrder = ["high", "normal", "low", "retry"];

async function laneRank({ link }: Partition, id: string): Promise<number> {
  const [fields = {}] = await readFields(link, [id], ["priority", "lane"]);
  return laneOrder.indexOf(fields.lane ?? fields.priority ?? "normal");
}

/** More than is shown, so that what is a little behind in one partition is counted. */
function askedGroups(limit: number): number {
  return Math.max(2 * limit, 100);
}

function queuesOf(all: readonly QueueSnapshots[]): Map<string, QueueSnapshot> {
  const queues = new Map<string, QueueSnapshot>();
  for (const snapshot of all.flatMap((one) => one.queues)) {
    const known = queues.get(snapshot.queue);
    queues.set(snapshot.queue, known ? snapshotsTogether(known, snapshot) : snapshot);
  }
  return queues;
}

function snapshotsTogether(a: QueueSnapshot, b: QueueSnapshot): QueueSnapshot {
  return {
    queue: a.queue,
    lanes: {
      high: a.lanes.high + b.lanes.high,
      normal: a.lanes.normal + b.lanes.normal,
      low: a.lanes.low + b.lanes.low,
      retry: a.lanes.retry + b.lanes.retry,
    },
    oldestWaitingAt: earliest([a.oldestWaitingAt, b.oldestWaitingAt]),
    isPaused: a.isPaused || b.isPaused,
  };
}

function groupsTogether(a: DeadLetterGroup, b: DeadLetterGroup): DeadLetterGroup {
  const [newer, older] = b.lastAt > a.lastAt ? [b, a] : [a, b];
  return {
    ...newer,
    count: a.count + b.count,
    firstAt: Math.min(a.firstAt, b.firstAt),
    taskIds: [...newer.taskIds, ...older.taskIds].sort().reverse().slice(0, sampledDeadLetters),
  };
}

function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function latest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
