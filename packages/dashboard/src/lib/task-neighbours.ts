/**
 * The order of a list of tasks, as far as it was loaded: the list keeps it here, the screen of one task finds the one
 * before and the one behind in it. Pages that lie apart are not neighbours: between them the order is not known.
 */
import { type QueryClient, queryOptions, skipToken, useQuery } from "@tanstack/react-query";

/** What names a list, as it stands in the address. */
export type TaskListAddress = {
  q?: string | undefined;
  sort?: string | undefined;
  order?: string | undefined;
};

/** Ids by the number of their page. */
export type TaskOrder = Readonly<Record<number, readonly string[]>>;

export type TaskNeighbours = { previousId: string | null; nextId: string | null };

const none: TaskNeighbours = { previousId: null, nextId: null };

function taskOrderQuery({ q = "", sort = "", order = "" }: TaskListAddress) {
  return queryOptions<TaskOrder>({
    // Not below `tasks`: an order is no answer of the gateway, so nothing reads it anew.
    queryKey: ["task-order", q, sort, order],
    queryFn: skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Takes the place of what was known of that list. */
export function keepTaskOrder(queries: QueryClient, address: TaskListAddress, order: TaskOrder): void {
  queries.setQueryData(taskOrderQuery(address).queryKey, order);
}

/** The tasks before and behind one in a list; null at its ends, and where the list was not loaded. */
export function useTaskNeighbours(address: TaskListAddress, taskId: string): TaskNeighbours {
  const { data } = useQuery(taskOrderQuery(address));
  return data === undefined ? none : neighboursOf(data, taskId);
}

export function neighboursOf(order: TaskOrder, taskId: string): TaskNeighbours {
  for (const [key, ids] of Object.entries(order)) {
    const index = ids.indexOf(taskId);
    if (index === -1) continue;
    const page = Number(key);
    return {
      previousId: ids[index - 1] ?? (index === 0 ? (order[page - 1]?.at(-1) ?? null) : null),
      nextId: ids[index + 1] ?? order[page + 1]?.[0] ?? null,
    };
  }
  return none;
}
