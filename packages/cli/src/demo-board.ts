import { isTerminal as isAtRest, type TaskState, taskStates } from "@workstream/core";
import type { DemoTask } from "./demo-tasks.ts";

export type FollowedTask = DemoTask & { state: TaskState };

/** What is known of the tasks of a demo. News may come before the task does: the event stream is faster at times. */
export class DemoBoard {
  readonly #tasks = new Map<string, FollowedTask>();
  readonly #early = new Map<string, TaskState>();
  readonly #onChange: (task: FollowedTask, board: DemoBoard) => void;

  constructor(onChange: (task: FollowedTask, board: DemoBoard) => void) {
    this.#onChange = onChange;
  }

  get tasks(): FollowedTask[] {
    return [...this.#tasks.values()];
  }

  get unfinished(): FollowedTask[] {
    return this.tasks.filter(({ state }) => !isAtRest(state));
  }

  add(task: DemoTask): void {
    const followed = { ...task, state: this.#early.get(task.id) ?? "PENDING" } satisfies FollowedTask;
    this.#early.delete(task.id);
    this.#tasks.set(task.id, followed);
    this.#onChange(followed, this);
  }

  /** A state that was heard of. What is at rest stays so: older news may come late. */
  see(id: string, state: TaskState): void {
    const task = this.#tasks.get(id);
    if (!task) this.#early.set(id, state);
    if (!task || task.state === state || isAtRest(task.state)) return;
    task.state = state;
    this.#onChange(task, this);
  }

  /** For example "3 ACTIVE · 9 COMPLETED". */
  counts(): string {
    const states = taskStates.map((state) => ({
      state,
      count: this.tasks.filter((task) => task.state === state).length,
    }));
    const present = states.filter(({ count }) => count > 0);
    return present.map(({ state, count }) => `${count} ${state}`).join(" · ");
  }
}
