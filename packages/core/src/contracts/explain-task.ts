/** Says of a task, to people, why it is not running or what it waits for. */
import type { WorkerView } from "../ports/workers.ts";
import type { ErrorType } from "../retry-policy.ts";
import type { Task } from "../task.ts";
import type { Explanation, ExplanationReason } from "./explanation.ts";
import { workersServing } from "./queue-overview.ts";
import { toInstantOrNull } from "./wire-instant.ts";
import { workerStatus } from "./worker-fleet.ts";

/** What is known beside the task itself, all of it as of `nowMs`. */
export type Surroundings = {
  isQueuePaused: boolean;
  workers: readonly WorkerView[];
  /** Of a task that is PENDING; null: not known. */
  position: number | null;
  nowMs: number;
};

type Answer = {
  reason: ExplanationReason;
  summary: string;
  untilAt?: number | null;
  service?: string | null;
};

const longestError = 160;

export function explainTask(task: Task, around: Surroundings): Explanation {
  const { reason, summary, untilAt = null, service = null } = answerFor(task, around);
  return {
    task_id: task.id,
    state: task.state,
    reason,
    summary,
    until: toInstantOrNull(untilAt),
    queue: task.queue,
    position: task.state === "PENDING" ? around.position : null,
    service,
    workers: workersServing(task.queue, around.workers).length,
  };
}

function answerFor(task: Task, around: Surroundings): Answer {
  switch (task.state) {
    case "PENDING":
      return whilePending(task, around);
    case "ACTIVE":
      return whileActive(task, around);
    case "SCHEDULED":
      return { untilAt: task.retryAfterAt, ...whileScheduled(task, around) };
    default:
      return { reason: "ended", summary: ending(task, around) };
  }
}

function whilePending({ queue, type }: Task, { isQueuePaused, workers, position }: Surroundings): Answer {
  if (isQueuePaused)
    return { reason: "queue_paused", summary: `Waits because the queue ${queue} is paused.` };
  const serving = workersServing(queue, workers);
  if (serving.length === 0)
    return {
      reason: "no_worker",
      summary: `Waits for a worker: none that is alive serves the queue ${queue}.`,
    };
  if (!serving.some(({ types }) => types.includes(type))) {
    return {
      reason: "no_worker",
      summary: `Waits for a worker: none of those that serve the queue ${queue} knows the type ${type}.`,
    };
  }
  return {
    reason: "in_line",
    summary: `Waits for a free worker of the queue ${queue}; ${before(position)}.`,
  };
}

function before(position: number | null): string {
  if (position === null) return "its place in line is not known, or past the first 1,000";
  if (position === 0) return "it is the next of its lane";
  return position === 1
    ? "one task stands before it in its lane"
    : `${position} tasks stand before it in its lane`;
}

function whileActive(task: Task, { workers, nowMs }: Surroundings): Answer {
  const worker = workers.find(({ workerId }) => workerId === task.workerId);
  const attempt = `attempt ${task.retryCount + 1} of ${task.maxRetries + 1}`;
  const began = task.startedAt === null ? "" : ` since ${clock(task.startedAt, nowMs)}`;
  const running = `Runs${began}, ${attempt}`;
  if (worker && workerStatus(worker) !== "stale") return { reason: "running", summary: `${running}.` };
  return {
    reason: "running",
    summary: `${running}; its worker is silent, and another takes over when its lease has run out.`,
  };
}

function whileScheduled(task: Task, { nowMs }: Surroundings): Answer {
  const when = task.retryAfterAt === null ? "soon" : `at ${clock(task.retryAfterAt, nowMs)}`;
  const parked = parkingOf(task);
  if (parked !== null) return { ...parked, summary: `Parked, to be tried ${when}: ${parked.summary}` };
  switch (task.stateHistory.at(-2)?.state) {
    case "FAILED":
      return {
        reason: "backing_off",
        summary: `Waits for ${retryName(task.retryCount)} ${when}: ${causeOf(task)}.`,
      };
    case "ACTIVE":
      return { reason: "snoozed", summary: `Goes on ${when}, as its handler asked.` };
    default:
      return { reason: "delayed", summary: `Starts ${when}, as whoever created it asked.` };
  }
}

/**
 * What a task is parked for, where the store tells: `parkedFor` is a service, or `cache:` and the digest of a result;
 * `parkedWhy` says the same to people. The one place that reads them.
 */
function parkingOf({ parkedFor, parkedWhy }: Task): Answer | null {
  if (parkedFor === null) return null;
  const service = parkedFor.startsWith("cache:") ? null : parkedFor;
  const otherwise =
    service === null
      ? "Another task computes the same result."
      : `The service ${service} has no turn for it yet.`;
  return { reason: "parked", service, summary: parkedWhy || otherwise };
}

function ending(task: Task, { nowMs }: Surroundings): string {
  const at = task.stateHistory.at(-1)?.at ?? task.updatedAt;
  const why = task.lastError && task.state !== "COMPLETED" ? `: ${withoutStop(cut(task.lastError))}.` : ".";
  return `${endings[task.state]} ${clock(at, nowMs)}${why}`;
}

const endings: Record<Task["state"], string> = {
  COMPLETED: "Completed at",
  FAILED: "Failed for good at",
  DLQ: "Given up, and among the dead letters since",
  CANCELLED: "Cancelled at",
  PENDING: "Pending since",
  ACTIVE: "Running since",
  SCHEDULED: "Scheduled since",
};

const causes: Partial<Record<ErrorType, string>> = {
  InsufficientCredits: "the service's credits were used up",
  RateLimitError: "the service had been called too often",
  ServiceUnavailable: "the service was unavailable",
  NetworkTimeout: "the answer took too long, or the network broke",
};

function causeOf({ errorType, lastError }: Task): string {
  const known = errorType === null ? undefined : causes[errorType];
  return known ?? (lastError ? withoutStop(cut(lastError)) : "the attempt failed");
}

const ordinals = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

function retryName(count: number): string {
  const ordinal = ordinals[count - 1];
  return ordinal ? `its ${ordinal} retry` : `retry ${count}`;
}

/** The time of a day in UTC, with the date when that is another one. */
function clock(atMs: number, nowMs: number): string {
  const [date = "", time = ""] = new Date(atMs).toISOString().split("T");
  const isToday = new Date(nowMs).toISOString().startsWith(date);
  return `${isToday ? "" : `${date} `}${time.slice(0, 8)} UTC`;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longestError ? line : `${line.slice(0, longestError - 1)}…`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}
