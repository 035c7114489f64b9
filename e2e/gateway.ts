/** A few calls of the HTTP contract, as any client would make them. */
export type Answer<T> = { status: number; headers: Headers; body: T };

export type Detail = {
  task_id: string;
  state: string;
  result: string | null;
  worker_id: string | null;
  retry_count: number;
  last_error: string | null;
  error_type: string | null;
  error_history: { error_type: string }[];
  state_history: { state: string; timestamp: string }[];
};

export type QueueStatus = {
  queues: Record<string, number>;
  states: Record<string, number>;
  retry_ratio: number;
};

export async function call<T>(url: string, method = "GET", body?: unknown): Promise<Answer<T>> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const request: RequestInit = { method, headers, signal: AbortSignal.timeout(15_000) };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await fetch(url, request);
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

/** Of a batch: what every task of it has. */
type BatchOptions = { priority?: "high" | "low" };

export function addProbes(
  url: string,
  count: number,
  ms: () => number,
  options?: BatchOptions,
): Promise<string[]> {
  return addTasks(url, "probe", count, ms, options);
}

export async function addTasks(
  url: string,
  type: "probe" | "busy" | "poison",
  count: number,
  ms: () => number,
  options: BatchOptions = {},
): Promise<string[]> {
  const tasks = Array.from({ length: count }, () => ({ type, input: { ms: ms() }, ...options }));
  const { status, body } = await call<{ task_ids: string[] }>(`${url}/api/v1/tasks/batch`, "POST", { tasks });
  if (status !== 201) throw new Error(`batch answered ${status}: ${JSON.stringify(body)}`);
  return body.task_ids;
}

export async function task(url: string, id: string): Promise<Detail> {
  return (await call<Detail>(`${url}/api/v1/tasks/${id}`)).body;
}

export async function queueStatus(url: string): Promise<QueueStatus> {
  return (await call<QueueStatus>(`${url}/api/v1/queues/status`)).body;
}

/** How many tasks are not at rest yet. */
export async function unfinished(url: string): Promise<number> {
  const { status, body } = await call<QueueStatus>(`${url}/api/v1/queues/status`);
  // The gateway may still be without its store.
  if (status === 503) return Number.POSITIVE_INFINITY;
  const { states } = body;
  return (states.PENDING ?? 0) + (states.ACTIVE ?? 0) + (states.SCHEDULED ?? 0);
}
