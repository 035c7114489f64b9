import {
  isStep,
  isTerminal,
  type QueueStatus,
  type Task,
  type TaskChange,
  taskStates,
} from "@workstream/core";
import { expect } from "vitest";
import type { Book } from "./book.ts";
import type { Portrait } from "./portrait.ts";

/** What must hold in a store at any moment, whatever was done to it. */
export function expectInvariants(now: Portrait, before: Portrait | null, book: Book): void {
  const alive = now.tasks.filter((task) => task !== null);
  expectCounts(now.status, alive);
  expectPlaces(now.queues, alive);
  expectListed(now.lists[0], alive);
  for (const task of alive) expectLegalHistory(task);
  if (before) expectRest(now, before, book);
}

/** A task id is in exactly one state collection. */
function expectCounts(status: QueueStatus, alive: readonly Task[]): void {
  const counted = Object.fromEntries(
    taskStates.map((state) => [state, alive.filter((task) => task.state === state).length]),
  );
  expect(status.states).toEqual(counted);
}

function expectPlaces(queues: Record<string, string[] | null>, alive: readonly Task[]): void {
  const waiting = Object.values(queues).flatMap((ids) => ids ?? []);
  const expected = alive.filter(
    ({ state }) => state === "PENDING" || state === "SCHEDULED" || state === "DLQ",
  );
  expect(waiting.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
}

/** The list of everything holds what is there, newest first, and nothing that is gone. */
function expectListed(everything: Portrait["lists"][number] | undefined, alive: readonly Task[]): void {
  const ids = alive.map(({ id }) => id);
  const newestFirst = ids.toSorted((a, b) => (a < b ? 1 : -1));
  expect(everything).toMatchObject({ ids: newestFirst.slice(0, 100), total: ids.length });
}

function expectLegalHistory({ id, state, stateHistory, createdAt }: Task): void {
  const states = stateHistory.map((entry) => entry.state);
  const illegal = states.filter((to, index) => !isStep(index === 0 ? null : (states[index - 1] ?? null), to));
  expect(illegal, `illegal steps of ${id}: ${states.join(" ")}`).toEqual([]);
  expect(states.at(-1)).toBe(state);
  expect(stateHistory[0]?.at).toBe(createdAt);
}

/** A task at rest changes by a retry or a delete alone, and goes by those and by pruning. */
function expectRest(now: Portrait, before: Portrait, book: Book): void {
  for (const [index, earlier] of before.tasks.entries()) {
    if (!earlier || book.released.has(earlier.id)) continue;
    if (book.hasPruned && book.recreated.has(earlier.id)) continue;
    const later = now.tasks[index];
    if (!later) expect(book.hasPruned, `${earlier.id} is gone`).toBe(true);
    else if (isTerminal(earlier.state)) expect(later).toEqual(earlier);
  }
}

/** The changes that a store published lead, one from the other, to the states that it holds. */
export function expectPublished(
  changes: readonly TaskChange[],
  { tasks }: Portrait,
  ids: readonly string[],
): void {
  for (const [index, id] of ids.entries()) {
    const own = changes.filter((change) => change.id === id);
    const last = own.at(-1);
    expect(last?.newState ?? null, `the last published state of ${id}`).toBe(tasks[index]?.state ?? null);
    own.slice(1).forEach((change, at) => {
      expect(change.oldState, `change ${at + 1} of ${id}`).toBe(own[at]?.newState);
    });
  }
}
