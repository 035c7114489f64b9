import { setTimeout as sleep } from "node:timers/promises";
import type { QueueEvent, TaskDetail } from "@workstream/core";
import { DemoBoard } from "./demo-board.ts";
import type { DemoProgress } from "./demo-progress.ts";
import type { DemoTask } from "./demo-tasks.ts";
import type { GatewayClient } from "./gateway-client.ts";

const lookEveryMs = 500;
const looksAtOnce = 10;

/**
 * Follows tasks until all of them are at rest. The event stream makes it live; because bursts on the stream are
 * thinned, some of the tasks that are not known to be at rest are looked at twice a second.
 */
export async function watchDemoTasks(
  gateway: GatewayClient,
  created: AsyncIterable<DemoTask>,
  progress: DemoProgress,
): Promise<DemoBoard> {
  const board = new DemoBoard(progress.changed);
  const stream = gateway.queueEvents({ onEvent: (event) => see(board, event as QueueEvent) });
  try {
    for await (const task of created) board.add(task);
    while (board.unfinished.length > 0) {
      await sleep(lookEveryMs);
      await lookAtSome(gateway, board);
    }
  } finally {
    stream.close();
    progress.finished(board);
  }
  return board;
}

async function lookAtSome(gateway: GatewayClient, board: DemoBoard): Promise<void> {
  const some = board.unfinished.slice(0, looksAtOnce);
  const tasks = await Promise.all(some.map(({ id }) => gateway.get<TaskDetail>(`/api/v1/tasks/${id}`)));
  for (const { task_id, state } of tasks) board.see(task_id, state);
}

function see(board: DemoBoard, event: QueueEvent): void {
  // FAILED is mostly a step on the way, to SCHEDULED or to the DLQ; whether it is the end, a look will tell.
  if (event.type !== "task_state_changed" || event.new_state === "FAILED") return;
  board.see(event.task_id, event.new_state);
}
