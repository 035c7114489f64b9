/** What a claim answers (lua/lib/claim-reply.lua) as tasks. */
import { type ClaimedTask, type ContentKind, type Lane, timeOfTaskId } from "@workstream/core";
import type { ClaimedRun } from "./scripts.ts";

type ClaimedTasks = { tasks: ClaimedTask[]; long: ClaimedTask[] };

/** `long` are those of `tasks` whose text is stored elsewhere and must be fetched. */
export function readClaimedRuns(runs: readonly ClaimedRun[]): ClaimedTasks {
  const found: ClaimedTasks = { tasks: [], long: [] };
  for (const run of runs) {
    const facts = (run[0] ?? "").split(",");
    if (facts.length === plainFactCount) readPlainRun(run, facts, found.tasks);
    else readOther(run, facts, found);
  }
  return found;
}

/** token, queue, lane, content kind, max_retries, type */
const plainFactCount = 6;

/** A plain task is claimed for the first time: its id tells when it was created, its token the microsecond of now. */
function readPlainRun(run: ClaimedRun, facts: readonly string[], tasks: ClaimedTask[]): void {
  const [token = "", queue = "", lane, kind, maxRetries, type = ""] = facts;
  const claimedAt = Number(token.slice(0, -3));
  const retries = Number(maxRetries);
  for (let at = 1; at + 1 < run.length; at += 2) {
    const id = run[at] ?? "";
    const createdAt = timeOfTaskId(id) ?? 0;
    tasks.push({
      id,
      token,
      type,
      queue,
      lane: lane as Lane,
      contentKind: kind as ContentKind,
      content: run[at + 1] ?? "",
      metadata: "{}",
      maxRetries: retries,
      attempt: 1,
      retryCount: 0,
      timeoutMs: null,
      createdAt,
      claimedAt,
      ageMs: Math.max(0, claimedAt - createdAt),
      wasParked: false,
      freeFailures: 0,
    });
  }
}

function readOther(run: ClaimedRun, facts: readonly string[], { tasks, long }: ClaimedTasks): void {
  const [, id = "", type = "", content = "", metadata = "{}"] = run;
  const [token = "", queue = "", lane, kind, maxRetries, input, ...historic] = facts;
  const task: ClaimedTask = {
    id,
    token,
    type,
    queue,
    lane: lane as Lane,
    contentKind: kind as ContentKind,
    content,
    metadata,
    maxRetries: Number(maxRetries),
    ...historicFacts(historic),
  };
  tasks.push(task);
  if (input === "1" && task.contentKind !== "file") long.push(task);
}

type HistoricFacts = Pick<
  ClaimedTask,
  "attempt" | "retryCount" | "timeoutMs" | "createdAt" | "claimedAt" | "ageMs" | "wasParked" | "freeFailures"
>;

function historicFacts(texts: readonly string[]): HistoricFacts {
  const [retryCount = 0, lost = 0, timeoutMs = 0, createdAt = 0, dueAt = 0, claimedAt = 0, ...parked] =
    texts.map(Number);
  const [wasParked = 0, freeFailures = 0] = parked;
  return {
    attempt: retryCount + lost + 1,
    retryCount,
    timeoutMs: texts[2] === "" ? null : timeoutMs,
    createdAt,
    claimedAt,
    ageMs: Math.max(0, claimedAt - dueAt),
    wasParked: wasParked === 1,
    freeFailures,
  };
}
