/**
 * Every key and channel that this package writes, for docs/redis-keys.md. Names, types and fields are a public contract.
 *
 * `{x}` is a placeholder. A key prefix, empty by default, stands before each. Instants are epoch milliseconds unless a
 * line says otherwise; what is absent has no field.
 */
export type KeyEntry = {
  pattern: string;
  type: "list" | "zset" | "hash" | "set" | "string" | "stream" | "channel";
  holds: string;
};

const taskFields =
  "task_id, task_type, queue, state, content, metadata (JSON object), result, retry_count, max_retries, last_error, " +
  "error_type, retry_after, created_at, updated_at, started_at, completed_at, worker_id, error_history (JSON array: " +
  "timestamp in ISO 8601, error, error_type, retry_count, state_transition, worker_id); and ours: priority (high, low), " +
  "content_type (json, file), input (1: the content is in input:{uuid}), input_bytes, lease (token; before the first claim of a task with nothing beyond the usual `{content_type},{max_retries},{type}`: whoever changes such a task removes it), lost, begun (the token of an attempt of which the store was told that it begins), due_at, " +
  "parked_at, parked_for (a service, or cache:{digest}), parked_why (a sentence), parked_share (cost,tokens; absent: 1,0), free_failures, timeout_ms, expires_at, history (packed states), progress (JSON), lane (retry: it waits on a retry list), was_parked (1), error_group (of a dead letter)";

const inLane = "ids, oldest at the head";
const removed = "ids still on that list that count no longer: they were taken from the middle of a long list";
const byCreation = "ids by creation time; written at creation, removed at deletion";

const guardHolds = {
  rate_limit_config:
    "the limit in force: requests, interval (500ms, 10s, 1m, 1h), updated_at; an operator may write it. And where it came from: " +
    "source (configured, operator, learned), configured_requests, configured_interval, operator_requests, operator_interval, learned_at",
  "rate_limit:bucket":
    "as of the last step: tokens (negative: turns are reserved ahead), capacity, refill_rate (tokens a second), last_refill; and " +
    "the clock behind them: next_at (when the bucket is or was empty), shift_ms (sum of all moves), hold_until, park_at (where the " +
    "line of the parked ends), line (what it depends on: requests and interval in ms, the same of the token limit, ramp and open time in ms), used_at (the end of the latest place that was used)",
  "token_limit:bucket":
    "the same of the limit of the service's own tokens: tokens, capacity, refill_rate, last_refill, next_at",
  state:
    "state, message, balance, usage_today, usage_month, last_check (or call), consecutive_failures, circuit_breaker_open (true, " +
    "false), error_details; told_state, told_message, told_at, told_until (when it will answer again: by the last call), found_state, " +
    "found_message (by the last check), checked_at, balance_checked_at, credits_level (ok, warning, critical)",
  credits: "balance, usage (of the month), last_updated",
  "credits:history": "{epoch ms}:{balance}:{usage} by epoch ms, at most one an hour, of 30 days",
  "metrics:{date}":
    "one UTC day (YYYY-MM-DD): total_calls, successful_calls, failed_calls, state_{word}, prompt_tokens, completion_tokens, cost; " +
    "kept 30 days",
  parked: "ids of the tasks that are parked for it, in their order (a number that grows)",
  check: "epoch ms until which somebody checks the service; lapses then",
};

const guardTypes: Record<string, KeyEntry["type"]> = {
  "credits:history": "zset",
  check: "string",
  parked: "zset",
};

/** Of the built-in service, and of every other. */
const guardEntries: KeyEntry[] = Object.entries(guardHolds).flatMap(([name, holds]) => [
  { pattern: `openrouter:${name}`, type: guardTypes[name] ?? "hash", holds },
  {
    pattern: `service:{service}:${name}`,
    type: guardTypes[name] ?? "hash",
    holds: "the same of any other service",
  },
]);

export const keyCatalog: readonly KeyEntry[] = [
  { pattern: "tasks:pending:primary", type: "list", holds: inLane },
  { pattern: "tasks:pending:retry", type: "list", holds: `retries of the primary queue: ${inLane}` },
  { pattern: "tasks:pending:{queue}", type: "list", holds: `a named queue: ${inLane}` },
  { pattern: "tasks:pending:{queue}:high", type: "list", holds: `a queue's high priority: ${inLane}` },
  { pattern: "tasks:pending:{queue}:low", type: "list", holds: `a queue's low priority: ${inLane}` },
  {
    pattern: "tasks:pending:{queue}:retry",
    type: "list",
    holds: `retries of a queue other than primary: ${inLane}`,
  },
  { pattern: "tasks:pending:{queue}:removed", type: "set", holds: removed },
  { pattern: "tasks:pending:{queue}:high:removed", type: "set", holds: removed },
  { pattern: "tasks:pending:{queue}:low:removed", type: "set", holds: removed },
  { pattern: "tasks:pending:{queue}:retry:removed", type: "set", holds: removed },
  { pattern: "tasks:scheduled", type: "zset", holds: "ids by due time: delayed, retrying, parked" },
  {
    pattern: "tasks:stale_lines",
    type: "zset",
    holds:
      "services, and `cache:{digest}`, whose parked tasks get new due times by the next promotions; by the place of the last one that has got it",
  },
  { pattern: "tasks:active", type: "zset", holds: "ids by lease expiry" },
  { pattern: "dlq:tasks", type: "list", holds: "dead letters, oldest at the head" },
  { pattern: "dlq:tasks:removed", type: "set", holds: removed },
  { pattern: "dlq:task:{uuid}", type: "hash", holds: "snapshot of task:{uuid} as it died, the same fields" },
  {
    pattern: "dlq:group:{group}",
    type: "zset",
    holds:
      "dead letters of one cause by time of death; the group is {type}:{error type}:{fingerprint of the message}, without the last " +
      "where a store buried on its own account",
  },
  { pattern: "dlq:groups", type: "zset", holds: "those groups by the time at which they last grew" },
  {
    pattern: "dlq:deaths",
    type: "zset",
    holds:
      "all dead letters that have a group, by time of death. Others (of an older version, or pushed by another program) are grouped little by " +
      "little as the groups are read; a program that takes one out of dlq:tasks takes it out of these too",
  },
  { pattern: "task:{uuid}", type: "hash", holds: `the task: ${taskFields}` },
  {
    pattern: "tasks:wakeup",
    type: "list",
    holds: "at most one token; workers of primary block on it with BLPOP",
  },
  { pattern: "tasks:wakeup:{queue}", type: "list", holds: "the same for a named queue" },
  {
    pattern: "tasks:wakeup:{queue}:high",
    type: "list",
    holds:
      "the same for its tasks of high priority, for workers with slots that are kept for those; `primary` too has one",
  },
  { pattern: "tasks:completed", type: "zset", holds: "ids by completion time" },
  { pattern: "tasks:failed", type: "zset", holds: "ids at rest in FAILED, by the time they failed" },
  { pattern: "tasks:cancelled", type: "zset", holds: "ids by the time they were cancelled" },
  { pattern: "tasks:index", type: "zset", holds: byCreation },
  { pattern: "tasks:index:type:{type}", type: "zset", holds: `the same of one task type: ${byCreation}` },
  { pattern: "tasks:index:queue:{queue}", type: "zset", holds: `the same of one named queue: ${byCreation}` },
  {
    pattern: "tasks:queues",
    type: "set",
    holds: "names of the queues other than primary that were ever used",
  },
  { pattern: "tasks:paused", type: "set", holds: "names of the queues that claims take nothing from" },
  {
    pattern: "tasks:shares",
    type: "hash",
    holds: "{queue}:retry, {queue}:lane: what the shares of claims carry over, thousandths of a task",
  },
  { pattern: "tasks:reaper", type: "hash", holds: "last_at, run_id of the server, grace_until" },
  {
    pattern: "tasks:batches",
    type: "set",
    holds: "batches that are accepted but whose tasks are not all created yet",
  },
  {
    pattern: "batch:{id}",
    type: "list",
    holds:
      "parts of a large batch (JSON) whose tasks are not created yet; lapses after 60 s unless it is accepted",
  },
  {
    pattern: "operation:{id}",
    type: "hash",
    holds:
      "what is done to many tasks: request (JSON), state (running, completed, cancelled, failed), total, total_is_estimate (1, 0), " +
      "done, skipped, failed, cursor (JSON: where it goes on), error, started_at, updated_at, finished_at, owner and lease_until (who " +
      "runs it); lapses 7 days after its last step",
  },
  {
    pattern: "partition",
    type: "hash",
    holds:
      "which partition this key space is, where there are several: index, count, changed_at (when there were last more of them)",
  },
  {
    pattern: "operations",
    type: "zset",
    holds: "ids of the last 100 of these by the time they were started",
  },
  {
    pattern: "idempotency:{key}",
    type: "string",
    holds:
      "fingerprint|id of the task accepted under this key (|batch:{id} while a batch reserves it); lapses after 24 h",
  },
  {
    pattern: "input:{uuid}",
    type: "string",
    holds:
      "an uploaded file, or text over 64 kB; lapses after an hour unless its task is enqueued, and goes with the task",
  },
  {
    pattern: "output:{uuid}",
    type: "stream",
    holds:
      "what its attempts say while they run; entry n is n-0, with kind (output, reset), text, at, offset (bytes of all text " +
      "before it). At most 1,000 entries or 256 kB; goes with the task, else lapses 7 days after the last entry",
  },
  {
    pattern: "steps:{uuid}",
    type: "hash",
    holds:
      "results of parts of the task by step name, for its next attempt; the field without a name is the sum of their bytes, at " +
      "most 16 MB. Gone when the task completes or goes, else lapses after 7 days",
  },
  { pattern: "inputs:bytes", type: "string", holds: "sum of the bytes under input:*" },
  {
    pattern: "inputs:uploads",
    type: "zset",
    holds: "uploads that no task has claimed yet, by the time at which they lapse",
  },
  { pattern: "inputs:upload_bytes", type: "hash", holds: "their sizes by id" },
  {
    pattern: "metrics:throughput:{minute}",
    type: "hash",
    holds:
      "created, completed, failed (at rest in FAILED or DLQ), cancelled, retried (attempts that back off), buried (at rest in DLQ), " +
      "promoted (scheduled tasks that became due); minute in epoch minutes; kept 48 h",
  },
  {
    pattern: "metrics:latency:{minute}",
    type: "hash",
    holds:
      "t{bucket}, w{bucket}, r{bucket} (total, wait, run; eight buckets a doubling), sum_ms, max_ms; kept 48 h",
  },
  {
    pattern: "worker:heartbeat:{worker-id}",
    type: "string",
    holds: "Unix seconds of the last beat; lapses after 90 s",
  },
  {
    pattern: "worker:active_tasks:{worker-id}",
    type: "set",
    holds: "ids of what it holds: running, or claimed ahead",
  },
  {
    pattern: "worker:leases:{worker-id}",
    type: "hash",
    holds: "the lease token of each of them; `-` follows that of a task that is not plain (docs/protocol.md)",
  },
  {
    pattern: "worker:stats:{worker-id}",
    type: "hash",
    holds:
      "tasks_completed, tasks_failed, last_seen; hostname, pid, version, concurrency, high_priority_slots, queues, types (comma lists), " +
      "is_draining, event_loop_lag_ms, memory_bytes, claim_loop_age_ms; kept an hour",
  },
  { pattern: "worker:index", type: "zset", holds: "worker ids by last beat, of the last hour" },
  {
    pattern: "cache:{digest}",
    type: "string",
    holds: "the result of an earlier task, by the SHA-256 of its cache key; lapses when its task type says",
  },
  {
    pattern: "cache:flight:{digest}",
    type: "string",
    holds: "epoch ms until which somebody has to compute that result, and the id of the task that does",
  },
  {
    pattern: "cache:waiting:{digest}",
    type: "zset",
    holds: "ids of the tasks that are parked until that result is there, in their order",
  },
  {
    pattern: "cache:index",
    type: "zset",
    holds: "digests of the cached results by last use; at most 10,000",
  },
  { pattern: "cache:expiries", type: "zset", holds: "the same by the time at which they lapse" },
  { pattern: "cache:sizes", type: "hash", holds: "their bytes by digest" },
  { pattern: "cache:bytes", type: "string", holds: "sum of these; at most 256 MB" },
  {
    pattern: "circuit_breaker:{service}",
    type: "hash",
    holds:
      "state (CLOSED, OPEN, HALF_OPEN), failure_count and success_count (of the window, or of the probes), opened_at, retry_at " +
      "(absent: until it is reset); version (changes of state), closed_at, is_forced (1), w:{bucket} ({failures}/{successes} by epoch " +
      "10 s), probe:{id} (when it lapses)",
  },
  ...guardEntries,
  { pattern: "services:index", type: "set", holds: "names of the guarded services that were ever used" },
  {
    pattern: "queue-updates",
    type: "channel",
    holds:
      "one message a script, while anyone listens: a JSON array of task_created and task_state_changed (at most 100; new_state null: deleted), " +
      "then one queue_update with queue_depths, state_counts, retry_ratio. Timestamps are epoch ms",
  },
  {
    pattern: "service-updates",
    type: "channel",
    holds:
      "a JSON array of circuit_breaker_changed (old_state, new_state, version, retry_at or null), service_held (hold_until), " +
      "rate_limit_changed (limit: requests, interval_ms) and credits_low (level, balance), each with service and timestamp (epoch ms)",
  },
  {
    pattern: "worker:revoked:{worker-id}",
    type: "channel",
    holds: "JSON array of task ids whose lease was taken from this worker",
  },
  {
    pattern: "task-output:{uuid}",
    type: "channel",
    holds: "new entries of output:{uuid}: a JSON array of {number, kind, text, at}",
  },
];
