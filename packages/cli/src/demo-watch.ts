import { setTimeout as sleep } from "node:timers/promises";
import type { QueueEvent, TaskDetail } from "@workstream/core";
import { DemoBoard } from "./demo-board.ts";
import type { DemoProgress } from "./demo-progress.ts";
import type { DemoTask } from "./demo-tasks.ts";
import { eventsOf } from "./event-stream.ts";
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
  const watching = new AbortController();
  const listening = listen(gateway, watching.signal, board);
  try {
    for await (const task of created) board.add(task);
    while (board.unfinished.length > 0) {
      await sleep(lookEveryMs);
      await lookAtSome(gateway, board);
    }
  } finally {
    watching.abort();
    await listening;
    progress.finished(board);
  }
  return board;
}

async function lookAtSome(gateway: GatewayClient, board: DemoBoard): Promise<void> {
  const some = board.unfinished.slice(0, looksAtOnce);
  const tasks = await Promise.all(some.map(({ id }) => gateway.get<TaskDetail>(`/api/v1/tasks/${id}`)));
  for (const { task_id, state } of tasks) board.see(task_id, state);
}

/** Without the stream the demo goes on, less lively. */
async function listen(gateway: GatewayClient, signal: AbortSignal, board: DemoBoard): Promise<void> {
  try {
    const stream = await gateway.stream("/api/v1/queues/status/stream", signal);
    for await (const event of eventsOf(stream) as AsyncGenerator<QueueEvent>) {
      if (event.type !== "task_state_changed") continue;
      // FAILED is mostly a step on the way, to SCHEDULED or to the DLQ; whether it is the end, a look will tell.
      if (event.new_state !== "FAILED") board.see(event.task_id, event.new_state);
    }
  } catch {}
}
