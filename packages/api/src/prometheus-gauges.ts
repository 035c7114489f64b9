import { Gauge, type Registry } from "prom-client";

/** What is asked of the store when a scrape comes. */
export function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  return {
    storeUp: gauge("workstream_store_up", "1 while the store answers"),
    queueDepth: gauge("workstream_queue_depth", "Tasks that wait, by queue", ["queue"]),
    states: gauge("workstream_tasks", "Tasks by state", ["state"]),
    retryRatio: gauge("workstream_retry_ratio", "Share of claims that retries get now"),
    workers: gauge("workstream_workers", "Workers by status", ["status"]),
    readers: gauge("workstream_stream_readers", "Open queue streams"),
    taskReaders: gauge("workstream_task_stream_readers", "Open streams of single tasks"),
    breakers: gauge("workstream_service_breaker", "1 for the state that a service's breaker is in", [
      "service",
      "state",
    ]),
    tokens: gauge("workstream_service_tokens", "Calls left in a service's limiter; below 0: reserved ahead", [
      "service",
    ]),
    limits: gauge("workstream_service_limit_per_second", "Calls a second that a service's limiter allows", [
      "service",
    ]),
    held: gauge("workstream_service_held_seconds", "How long a service is still held, 0 when it is not", [
      "service",
    ]),
    callsToday: gauge("workstream_service_calls_today", "Calls of this UTC day, by how they ended", [
      "service",
      "outcome",
    ]),
    costToday: gauge(
      "workstream_service_cost_today",
      "Cost of this UTC day's calls, in the service's currency",
      ["service"],
    ),
  };
}
