import {
  type OperationCount,
  type OperationRequest,
  type TaskFilter,
  type TaskReading,
  walkedStates,
} from "@workstream/core";

/**
 * How many tasks an operation would act on, in bounded work: exact where a list's total is, otherwise at least so many.
 */
export async function countMatching(
  tasks: Pick<TaskReading, "list">,
  request: OperationRequest,
): Promise<OperationCount> {
  const states = walkedStates(request);
  const filters = states.map(
    (state): TaskFilter => ({ ...request.filter, ...(state !== null && { state }) }),
  );
  const counts =
    request.taskIds === null
      ? await Promise.all(filters.map((filter) => total(tasks, filter)))
      : await Promise.all(request.taskIds.map((id) => one(tasks, id, filters)));
  const matched = counts.reduce((sum, count) => sum + count.matched, 0);
  const { limit } = request;
  if (limit !== null && matched >= limit) return { matched: limit, isEstimate: false };
  return { matched, isEstimate: counts.some(({ isEstimate }) => isEstimate) };
}

async function total(tasks: Pick<TaskReading, "list">, filter: TaskFilter): Promise<OperationCount> {
  const page = await firstOf(tasks, filter);
  return { matched: page.total, isEstimate: page.isTotalEstimate };
}

async function one(
  tasks: Pick<TaskReading, "list">,
  id: string,
  filters: readonly TaskFilter[],
): Promise<OperationCount> {
  const pages = await Promise.all(filters.map((filter) => firstOf(tasks, { ...filter, idPrefix: id })));
  const isThere = pages.some((page) => page.tasks[0]?.id === id);
  return { matched: isThere ? 1 : 0, isEstimate: false };
}

function firstOf(tasks: Pick<TaskReading, "list">, filter: TaskFilter) {
  return tasks.list({
    filter,
    sortBy: "created_at",
    sortOrder: "asc",
    position: { offset: 0 },
    limit: 1,
    withBodies: false,
  });
}
