/** One sentence about the system: the first of these that is true. What breaks everything comes before what is slow. Pure. */
import { formatAge } from "../../lib/format/durations.ts";
import { formatInstant } from "../../lib/format/instants.ts";
import { countOf, formatCount } from "../../lib/format/numbers.ts";
import { serviceSubject } from "../../lib/format/service-name.ts";
import type { LiveStatus } from "../../lib/live/live-state.ts";
import { type Flow, secondsToEmpty } from "./flow.ts";
import { rateWords, spanWords } from "./flow-words.ts";
import { liveWorkers, oldestSeconds, pausedWithTasks, type SystemFacts } from "./system-facts.ts";

/** A queue whose tasks all start within this time keeps up, whatever its depth. */
const promptSeconds = 5;
/** In and out that differ by less than this share are equal. */
const noise = 0.05;

export function tellHeadline(facts: SystemFacts): string {
  const { status } = facts;
  if (status === null) return facts.connection.state === "waiting" ? unheard(facts) : "Looking at the system";
  return (
    ofConnection(facts) ??
    ofWorkers(facts, status) ??
    ofServices(facts, status) ??
    ofPauses(facts, status) ??
    ofFlow(facts, status)
  );
}

function ofConnection(facts: SystemFacts): string | null {
  const { state, heardAt } = facts.connection;
  if (state === "waiting" || state === "closed") return unheard(facts);
  if (state === "storeless") return storeless(facts);
  if (state !== "paused") return null;
  return heardAt === null
    ? "Standing still: live updates are paused"
    : `Standing still: live updates are paused since ${formatInstant(heardAt, "time")}`;
}

function unheard({ connection: { heardAt }, nowMs }: SystemFacts): string {
  return heardAt === null
    ? "Not connected: the gateway does not answer"
    : `Out of touch: not heard from the gateway for ${formatAge(nowMs - heardAt)}`;
}

function storeless({ connection: { heardAt }, nowMs }: SystemFacts): string {
  const since = heardAt === null ? "" : ` for ${formatAge(nowMs - heardAt)}`;
  return `Out of touch: the store has not answered${since}`;
}

function ofWorkers({ fleet }: SystemFacts, { states }: LiveStatus): string | null {
  if (fleet === null || liveWorkers(fleet).length > 0) return null;
  const open = states.PENDING + states.ACTIVE + states.SCHEDULED;
  return open === 0
    ? "Idle: nothing waits, and no worker is alive"
    : `Stuck: no worker is alive and ${taskWords(open, "is", "are")} not done`;
}

function ofServices({ services }: SystemFacts, { states }: LiveStatus): string | null {
  const down = services?.find(({ state }) => state === "open");
  if (down === undefined) return null;
  const name = serviceSubject(down.service);
  const effect =
    states.SCHEDULED > 0 ? `${taskWords(states.SCHEDULED, "waits", "wait")} for a later time` : null;
  if (down.retry_at === null)
    return `${name} is switched off: ${effect ?? "nobody calls it until it is reset"}`;
  return `${name} is down: ${effect ?? `it is tried again at ${formatInstant(down.retry_at, "time")}`}`;
}

function ofPauses({ queues }: SystemFacts, { states }: LiveStatus): string | null {
  if (queues === null) return null;
  const paused = pausedWithTasks(queues);
  const waiting = paused.reduce((sum, queue) => sum + queue.waiting, 0);
  if (waiting === 0 || waiting < states.PENDING || states.ACTIVE > 0) return null;
  const [only] = paused;
  return paused.length === 1 && only
    ? `Paused: ${taskWords(waiting, "waits", "wait")} in ${only.queue}`
    : `Paused: ${taskWords(waiting, "waits", "wait")} in ${paused.length} queues`;
}

function ofFlow({ flow, queues }: SystemFacts, { states }: LiveStatus): string {
  if (states.PENDING === 0) return withoutWaiting(states);
  const oldest = queues === null ? null : oldestSeconds(queues);
  if (flow === null) return `Working: ${taskWords(states.PENDING, "waits", "wait")}`;
  if (states.ACTIVE === 0 && flow.out === 0 && (oldest ?? 0) > promptSeconds) {
    return `Stuck: ${taskWords(states.PENDING, "waits", "wait")} and none is running`;
  }
  if (oldest !== null && oldest < promptSeconds) return "Keeping up: tasks start within seconds";
  return ofBacklog(flow, states.PENDING);
}

function withoutWaiting({ ACTIVE, SCHEDULED }: LiveStatus["states"]): string {
  if (ACTIVE > 0) return `Keeping up: ${formatCount(ACTIVE)} running, nothing waits`;
  if (SCHEDULED > 0) return `Idle: ${taskWords(SCHEDULED, "waits for its", "wait for their")} time`;
  return "Idle: nothing waits";
}

function ofBacklog(flow: Flow, waiting: number): string {
  const isEven = Math.abs(flow.net) <= noise * Math.max(flow.in, flow.out);
  if (isEven) return `Steady: as much comes in as goes out, ${taskWords(waiting, "waits", "wait")}`;
  const seconds = secondsToEmpty(waiting, flow);
  return seconds === null
    ? `Growing: ${rateWords(flow.net)} more come in than go out`
    : `Draining: ${spanWords(seconds)} to an empty queue`;
}

function taskWords(count: number, one: string, many: string): string {
  return `${countOf(count, "task")} ${count === 1 ? one : many}`;
}
