/** Which tasks are selected: single ones, by id, or all that match. Pure. */
import type { BulkAction, TaskState } from "@workstream/core";

/** As many ids as one bulk operation takes. */
export const maxSelected = 1_000;

export type Selection =
  | { kind: "some"; tasks: ReadonlyMap<string, TaskState>; isFull: boolean }
  | { kind: "all" };

export type Selectable = { task_id: string; state: TaskState };

export const nothing: Selection = { kind: "some", tasks: new Map(), isFull: false };

export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === "all" || selection.tasks.has(id);
}

export function isNothing(selection: Selection): boolean {
  return selection.kind === "some" && selection.tasks.size === 0;
}

/** One more or one less; of all that match a single one can't be taken out, so that begins anew with this one. */
export function toggle(selection: Selection, task: Selectable): Selection {
  if (selection.kind === "all") return add(nothing, [task]);
  if (!selection.tasks.has(task.task_id)) return add(selection, [task]);
  const tasks = new Map(selection.tasks);
  tasks.delete(task.task_id);
  return { kind: "some", tasks, isFull: false };
}

/** Past the bound no more are added, and `isFull` says so. */
export function add(selection: Selection, more: readonly Selectable[]): Selection {
  if (selection.kind === "all") return selection;
  const tasks = new Map(selection.tasks);
  for (const { task_id: id, state } of more)
    if (tasks.size < maxSelected || tasks.has(id)) tasks.set(id, state);
  return { kind: "some", tasks, isFull: more.some(({ task_id: id }) => !tasks.has(id)) };
}

export function remove(selection: Selection, less: readonly Selectable[]): Selection {
  if (selection.kind === "all") return nothing;
  const tasks = new Map(selection.tasks);
  for (const { task_id: id } of less) tasks.delete(id);
  return { kind: "some", tasks, isFull: false };
}

const allows: Record<BulkAction, readonly TaskState[]> = {
  retry: ["FAILED", "DLQ", "CANCELLED"],
  cancel: ["PENDING", "SCHEDULED", "ACTIVE"],
  delete: ["PENDING", "ACTIVE", "COMPLETED", "FAILED", "SCHEDULED", "DLQ", "CANCELLED"],
};
export const actions = Object.keys(allows) as BulkAction[];

/** The actions that some of these states allow. */
export function actionsFor(states: Iterable<TaskState>): BulkAction[] {
  const present = new Set(states);
  return actions.filter((action) => allows[action].some((state) => present.has(state)));
}
