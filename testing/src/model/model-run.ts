/**
 * One run of the model: the same operations on every store, their answers laid side by side after each, and the whole
 * of what they hold now and then and at the end.
 */
import { lifecycle, type TaskChange } from "@workstream/core";
import { expect } from "vitest";
import { newTask } from "../new-task.ts";
import type { OpenedStores, StoreSource } from "../store-source.ts";
import { type TestClock, testClock } from "../test-clock.ts";
import { until } from "../until.ts";
import { Book } from "./book.ts";
import { expectInvariants, expectPublished } from "./invariants.ts";
import type { Operation } from "./operation.ts";
import { learn, resolve } from "./perform.ts";
import { type Portrait, portrait } from "./portrait.ts";

/** Steps of the lifecycle that runs have taken, as "PENDING → ACTIVE". */
type Coverage = { steps: Set<string>; answers: Map<string, number>; operations: number };

export function emptyCoverage(): Coverage {
  return { steps: new Set(), answers: new Map(), operations: 0 };
}

/** Every step that a client of the ports alone can bring about: all but `reject`, which needs a broken hash. */
export const reachableSteps: readonly string[] = [
  ...new Set(
    lifecycle.filter(({ verb }) => verb !== "reject").map(({ from, to }) => `${from ?? ""} → ${to}`),
  ),
];

export async function runModel(
  sources: Record<string, StoreSource>,
  operations: readonly Operation[],
  coverage: Coverage,
): Promise<void> {
  const clock = testClock();
  const opened = await Promise.all(Object.values(sources).map((source) => source.open({ clock })));
  try {
    const run = new ModelRun(Object.keys(sources), opened, clock, coverage);
    await run.all(operations);
  } finally {
    await Promise.all(opened.map(({ stores }) => stores.close()));
  }
}

class ModelRun {
  readonly #names: string[];
  readonly #opened: readonly OpenedStores[];
  readonly #book: Book;
  readonly #coverage: Coverage;
  readonly #trace: string[] = [];
  readonly #changes: TaskChange[][];
  #before: Portrait[] = [];

  constructor(names: string[], opened: readonly OpenedStores[], clock: TestClock, coverage: Coverage) {
    this.#names = names;
    this.#opened = opened;
    this.#book = new Book(clock);
    this.#coverage = coverage;
    this.#changes = opened.map(() => []);
  }

  async all(operations: readonly Operation[]): Promise<void> {
    try {
      await this.#subscribe();
      for (const operation of operations) await this.#step(operation);
      await this.#comparePortraits();
      await this.#comparePublished();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #subscribe(): Promise<void> {
    await Promise.all(
      this.#opened.map(({ stores }, index) =>
        stores.events.subscribe({
          onEvents: ({ changes }) => this.#changes[index]?.push(...changes),
          onGap: () => {
            throw new Error("The feed lost its connection.");
          },
        }),
      ),
    );
  }

  async #step(operation: Operation): Promise<void> {
    if (operation.do === "compare") return this.#comparePortraits();
    const action = resolve(operation, this.#book);
    const answers = await Promise.all(this.#opened.map(({ stores }) => action(stores)));
    this.#trace.push(`${JSON.stringify(operation)} → ${JSON.stringify(answers[0], shorten)}`);
    this.#expectSame("answer", answers);
    learn(operation, answers[0], this.#book);
    this.#coverage.operations += 1;
    this.#count(operation, answers[0]);
  }

  #count(operation: Operation, answer: unknown): void {
    const words = JSON.stringify(answer)?.match(
      /"(settled|lease_lost|not_found|extended|done|refused|conflict|exists)"/,
    );
    const name = `${operation.do} ${words?.[1] ?? ""}`.trim();
    this.#coverage.answers.set(name, (this.#coverage.answers.get(name) ?? 0) + 1);
  }

  async #comparePortraits(): Promise<void> {
    const minutes = Math.ceil(this.#book.elapsedMs / 60_000) + 2;
    const portraits = await Promise.all(
      this.#opened.map(({ stores }) => portrait(stores, this.#book.ids, minutes)),
    );
    for (const part of Object.keys(portraits[0] ?? {}) as (keyof Portrait)[]) {
      this.#expectSame(
        part,
        portraits.map((each) => each[part]),
      );
    }
    for (const [index, now] of portraits.entries()) {
      expectInvariants(now, this.#before[index] ?? null, this.#book);
    }
    this.#before = portraits;
    this.#book.released.clear();
    this.#book.recreated.clear();
    this.#book.hasPruned = false;
    for (const task of portraits[0]?.tasks ?? [])
      this.#cover(task?.stateHistory.map(({ state }) => state) ?? []);
  }

  #cover(states: string[]): void {
    for (const [index, state] of states.entries()) {
      this.#coverage.steps.add(`${states[index - 1] ?? ""} → ${state}`);
    }
  }

  /** Enqueues one more task; when a store's feed has told of it, it has told of everything before. */
  async #comparePublished(): Promise<void> {
    const ids = [...this.#book.ids];
    const last = newTask(this.#book.mintId());
    await Promise.all(this.#opened.map(({ tasks }) => tasks.enqueue(last)));
    for (const [index, changes] of this.#changes.entries()) {
      await until(`the feed of ${this.#names[index]}`, () => changes.some(({ id }) => id === last.id), {
        everyMs: 1,
      });
      const before = this.#before[index];
      if (before) expectPublished(changes, before, ids);
    }
    const steps = this.#changes.map((changes) =>
      ids.map((id) =>
        changes.filter((change) => change.id === id).map(({ newState, at }) => `${newState} ${at}`),
      ),
    );
    this.#expectSame("published changes", steps);
  }

  #expectSame(what: string, answers: readonly unknown[]): void {
    for (const [index, answer] of answers.entries()) {
      const message = `${what} of ${this.#names[index]}, beside that of ${this.#names[0]}`;
      expect(answer, message).toEqual(answers[0]);
    }
  }

  /** Puts the steps that led here before the error, with the tasks by number. */
  #explain(error: unknown): Error {
    const steps = this.#trace.map((line, index) => `  ${index + 1}. ${line}`).join("\n");
    const text = error instanceof Error ? error.message : String(error);
    const explained = new Error(this.#book.nameIn(`${text}\nafter\n${steps}\n${differences(error)}`));
    if (error instanceof Error && error.stack) explained.stack = error.stack;
    return explained;
  }
}

/** In a trace a claimed task is its id and its token. */
function shorten(_key: string, value: unknown): unknown {
  const { id, token } = (value ?? {}) as { id?: string; token?: string };
  return id !== undefined && token !== undefined ? `${id} #${token}` : value;
}

function differences(error: unknown): string {
  const { actual, expected } = (error ?? {}) as { actual?: unknown; expected?: unknown };
  if (actual === undefined && expected === undefined) return "";
  return `this store: ${JSON.stringify(actual)}\nthe first:  ${JSON.stringify(expected)}`;
}
