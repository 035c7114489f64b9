import type { InputTable } from "./input-table.ts";
import type { TaskLogs } from "./task-logs.ts";
import type { TaskRecord } from "./task-record.ts";
import type { TaskTable } from "./task-table.ts";
import type { Transaction } from "./transaction.ts";

type Parts = { tasks: TaskTable; inputs: InputTable; logs: TaskLogs };

/** Removes a task with every trace. What it holds beside its row is condemned; the sweep takes it in small steps. */
export function removeTask(
  { tasks, inputs, logs }: Parts,
  record: TaskRecord,
  transaction: Transaction,
): void {
  tasks.remove(record);
  if (record.hasInput) inputs.condemnOf(record.id);
  logs.condemnOf(record.id);
  transaction.publish(record, record.state, null);
}
