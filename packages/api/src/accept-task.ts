/** Hands validated tasks to the store and says what became of them. */
import {
  type CreatedBatch,
  type CreatedTask,
  type EnqueueOutcome,
  type NewTask,
  WorkstreamError,
} from "@workstream/core";
import type { ApiContext } from "./api-context.ts";

/**
 * Accepts one task. A repeated idempotency key answers with the task that it made and the state it is in now.
 * @throws too_many_requests · idempotency_conflict · store_unavailable · outcome_unknown · store_full
 */
export async function acceptTask(context: ApiContext, task: NewTask): Promise<CreatedTask> {
  await checkRoom(context, [task]);
  const outcome = await context.stores.tasks.enqueue(task);
  if (outcome.outcome === "conflict") throw conflict(outcome, task);
  if (outcome.outcome === "exists")
    return { task_id: outcome.id, state: await stateNow(context, outcome.id) };
  context.prometheus.countAccepted(task.type);
  return { task_id: outcome.id, state: outcome.state };
}

/** Accepts all of `tasks` or none; throws as acceptTask. */
export async function acceptBatch(context: ApiContext, tasks: readonly NewTask[]): Promise<CreatedBatch> {
  await checkRoom(context, tasks);
  const outcomes = await context.stores.tasks.enqueueBatch(tasks);
  const refused = outcomes.findIndex(({ outcome }) => outcome === "conflict");
  const [outcome, task] = [outcomes[refused], tasks[refused]];
  if (outcome && task) throw conflict(outcome, task);
  for (const [index, { outcome }] of outcomes.entries()) {
    if (outcome === "created") context.prometheus.countAccepted(tasks[index]?.type ?? "");
  }
  return { task_ids: outcomes.map(({ id }) => id) };
}

/** A full queue refuses nothing that was accepted before: whoever asks again under the same key gets its answer. */
async function checkRoom({ queueLimit, stores }: ApiContext, tasks: readonly NewTask[]): Promise<void> {
  try {
    await queueLimit.check(tasks);
  } catch (refusal) {
    const keys = tasks.flatMap(({ idempotency }) => (idempotency === null ? [] : [idempotency.key]));
    const isRepeated = keys.length === tasks.length && (await stores.tasks.remembers(keys));
    if (!isRepeated) throw refusal;
  }
}

function conflict(outcome: Pick<EnqueueOutcome, "id">, task: NewTask): WorkstreamError {
  return new WorkstreamError(
    "idempotency_conflict",
    `The idempotency key ${task.idempotency?.key} made task ${outcome.id} from another body. Use a new key for a new task.`,
    { details: { task_id: outcome.id } },
  );
}

async function stateNow({ stores }: ApiContext, id: string): Promise<CreatedTask["state"]> {
  const task = await stores.tasks.get(id);
  if (task !== null) return task.state;
  throw new WorkstreamError(
    "idempotency_conflict",
    `The idempotency key made task ${id}, which was deleted since. Use a new key for a new task.`,
    { details: { task_id: id } },
  );
}
