import type { InputTable } from "./input-table.ts";
import type { TaskRecord } from "./task-record.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

/** Removes a task with every trace. Its bytes are condemned; the sweep takes them in small steps. */
export function removeTask(
  { tasks, inputs }: { tasks: TaskTable; inputs: InputTable },
  record: TaskRecord,
  transaction: Transaction,
): void {
  tasks.remove(record);
  if (record.hasInput) inputs.condemnOf(record.id);
  transaction.publish(record, record.state, null);
}
