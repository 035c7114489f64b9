import { type QueueStatus, type Stores, type Task, type TaskListQuery, taskStates } from "@workstream/core";
import { modelQueues } from "./operation.ts";

/** Everything that a store says about itself, to be laid beside what the other one says. */
export type Portrait = {
  tasks: (Task | null)[];
  status: QueueStatus;
  queues: Record<string, string[] | null>;
  paused: string[];
  deadLetters: string[];
  groups: unknown;
  lists: { query: string; ids: string[]; total: number; isTotalEstimate: boolean }[];
  throughput: unknown;
  latency: unknown;
  workers: unknown;
};

/** @param minutes how far back the figures go; each minute is a key or a row to read */
export async function portrait(stores: Stores, ids: readonly string[], minutes: number): Promise<Portrait> {
  const { tasks, metrics, workers } = stores;
  return {
    tasks: await Promise.all(ids.map((id) => tasks.get(id))),
    status: await tasks.status(),
    queues: await queueContents(stores),
    paused: (await tasks.pausedQueues()).toSorted(),
    deadLetters: (await tasks.deadLetters(100)).map(({ id }) => id),
    groups: await tasks.deadLetterGroups(3),
    lists: await lists(stores),
    throughput: await metrics.throughput(minutes),
    latency: await metrics.latency(minutes),
    workers: (await workers.list())
      .map((worker) => ({ ...worker, activeTaskIds: worker.activeTaskIds.toSorted() }))
      .toSorted((a, b) => a.workerId.localeCompare(b.workerId)),
  };
}

async function queueContents({ tasks }: Stores): Promise<Record<string, string[] | null>> {
  const names = [...modelQueues, "retry", "scheduled", "dlq"];
  const contents = await Promise.all(names.map((name) => tasks.queueTaskIds(name, 1_000)));
  return Object.fromEntries(names.map((name, index) => [name, contents[index] ?? null]));
}

const queries: Partial<TaskListQuery>[] = [
  {},
  { sortOrder: "asc", position: { offset: 3 }, limit: 4 },
  ...taskStates.map((state) => ({ filter: { state } })),
  ...modelQueues.map((queue) => ({ filter: { queue } })),
  { filter: { queue: "retry" } },
  { filter: { state: "PENDING", queue: "mail" } },
  { filter: { state: "COMPLETED" }, sortBy: "completed_at", limit: 2 },
  { sortBy: "updated_at" },
  { filter: { errorType: "WorkerLost" } },
  { filter: { errorGroup: "echo:WorkerLost" } },
];

async function lists({ tasks }: Stores): Promise<Portrait["lists"]> {
  const pages = await Promise.all(
    queries.map((query) =>
      tasks.list({
        filter: {},
        sortBy: "created_at",
        sortOrder: "desc",
        position: { offset: 0 },
        limit: 100,
        withBodies: false,
        ...query,
      }),
    ),
  );
  return pages.map(({ tasks: page, total, isTotalEstimate }, index) => ({
    query: JSON.stringify(queries[index] ?? {}),
    ids: page.map(({ id }) => id),
    total,
    isTotalEstimate,
  }));
}
