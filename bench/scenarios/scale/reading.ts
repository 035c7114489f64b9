/** Lists and status at many tasks beside the same at few, each asked in turn. */
import type { TaskFilter, TaskListQuery } from "@workstream/core";
import { timeOfTaskId } from "@workstream/core";
import { oursAtMost, type Row, ratioAtMost, row } from "../../scenario.ts";
import { percentile } from "../../spread.ts";
import type { StoreOfTasks } from "./store-of-tasks.ts";

type Question = (store: StoreOfTasks) => Promise<unknown>;

const asked = 60;
const pageSize = 20;

function pageOf(filter: TaskFilter, more: Partial<TaskListQuery> = {}): TaskListQuery {
  const position = { offset: 0 };
  return {
    filter,
    sortBy: "created_at",
    sortOrder: "desc",
    position,
    limit: pageSize,
    withBodies: true,
    ...more,
  };
}

/** A stretch of a tenth of the ids that were sampled, in the middle of the rest. */
function dates({ waiting }: StoreOfTasks): TaskFilter {
  const at = (index: number) => timeOfTaskId(waiting[index] ?? "") ?? 0;
  return { createdFrom: at(0), createdTo: at(Math.floor(waiting.length / 10)) };
}

const exactLists: Record<string, (store: StoreOfTasks) => TaskFilter> = {
  "no filter": () => ({}),
  "status PENDING": () => ({ state: "PENDING" }),
  "status COMPLETED": () => ({ state: "COMPLETED" }),
  "status DLQ": () => ({ state: "DLQ" }),
  "a type": () => ({ type: "type-1" }),
  "a queue": () => ({ queue: "reports" }),
  "queue dlq": () => ({ queue: "dlq" }),
  dates: dates,
  "a type, by dates": (store) => ({ type: "type-1", ...dates(store) }),
  "beginning of an id": ({ waiting }) => ({ idPrefix: (waiting[0] ?? "").slice(0, 13) }),
};

/** Combinations of filters walk candidates. */
const combinations: Record<string, TaskListQuery> = {
  "status and type": pageOf({ state: "COMPLETED", type: "type-1" }),
  "status and a rare type": pageOf({ state: "COMPLETED", type: "rare" }),
  "status DLQ and type": pageOf({ state: "DLQ", type: "type-1" }),
  "status PENDING and dates": pageOf({ state: "PENDING", createdFrom: 0 }),
  "type and queue": pageOf({ type: "type-1", queue: "reports" }),
  "type and error type": pageOf({ type: "type-2", errorType: "Default" }),
  "status, type, queue": pageOf({ state: "PENDING", type: "rare", queue: "reports" }),
  "status and type, by update": pageOf({ state: "PENDING", type: "type-1" }, { sortBy: "updated_at" }),
};

export async function compareReading(few: StoreOfTasks, many: StoreOfTasks, runs: number): Promise<Row[]> {
  const questions: Record<string, Question> = {
    status: ({ stores }) => stores.tasks.status(),
    "overview of the queues": ({ stores }) => stores.tasks.queueOverview(),
  };
  for (const [name, filter] of Object.entries(exactLists)) {
    questions[`list: ${name}`] = (store) => store.stores.tasks.list(pageOf(filter(store)));
  }
  const rows: Row[] = [];
  for (const [name, question] of Object.entries(questions)) {
    const { ours, peer } = await medians(
      runs,
      () => question(many),
      () => question(few),
    );
    rows.push(
      row(`${name}, p50`, "ms", {
        ours,
        peer: { name: "1,000 tasks", figures: peer },
        goal: ratioAtMost(1.5),
      }),
    );
  }
  return rows;
}

export async function comparePages(many: StoreOfTasks, runs: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of ["no filter", "status COMPLETED", "status PENDING", "a type", "a queue"]) {
    const filter = exactLists[name]?.(many) ?? {};
    const { total } = await many.stores.tasks.list(pageOf(filter));
    const page = Math.min(5_000, Math.floor(total / pageSize));
    const far = pageOf(filter, { position: { offset: (page - 1) * pageSize } });
    const { ours, peer } = await medians(
      runs,
      () => many.stores.tasks.list(far),
      () => many.stores.tasks.list(pageOf(filter)),
    );
    const figures = { ours, peer: { name: "page 1", figures: peer }, goal: ratioAtMost(2) };
    rows.push(row(`page ${page.toLocaleString("en-US")}: ${name}, p50`, "ms", figures));
  }
  return rows;
}

/** First pages of combinations: how long one takes, and holds the server. */
export async function measureCombinations({ stores, server }: StoreOfTasks): Promise<Row[]> {
  const rows: Row[] = [];
  await server.watchHolds();
  for (const [name, query] of Object.entries(combinations)) {
    const times = await timesOf(() => stores.tasks.list(query), 100);
    rows.push(
      row(`combination: ${name}, p99`, "ms", { ours: [percentile(times, 0.99)], goal: oursAtMost(50) }),
    );
  }
  const held = { ours: [await server.longestHold()], goal: oursAtMost(5) };
  return [...rows, row("the longest that a combination held the store", "ms", held)];
}

async function medians(runs: number, ours: () => Promise<unknown>, peer: () => Promise<unknown>) {
  const figures = { ours: [] as number[], peer: [] as number[] };
  await timesOf(ours, 10);
  await timesOf(peer, 10);
  for (let run = 0; run < runs; run++) {
    const times = { ours: [] as number[], peer: [] as number[] };
    for (let turn = 0; turn < asked; turn++) {
      times.ours.push(...(await timesOf(ours, 1)));
      times.peer.push(...(await timesOf(peer, 1)));
    }
    figures.ours.push(percentile(times.ours, 0.5));
    figures.peer.push(percentile(times.peer, 0.5));
  }
  return figures;
}

export async function timesOf(act: (turn: number) => Promise<unknown>, times: number): Promise<number[]> {
  const figures: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedAt = performance.now();
    await act(turn);
    figures.push(performance.now() - startedAt);
  }
  return figures;
}
