/** What is wrong now, worst first, each with the way to what can be done about it. Pure. */
import type { LinkProps } from "@tanstack/react-router";
import { formatDuration } from "../../lib/format/durations.ts";
import { countOf, formatShare } from "../../lib/format/numbers.ts";
import { serviceTroubles } from "./attention-services.ts";
import { workerTroubles } from "./attention-workers.ts";
import { liveWorkers, pausedWithTasks, type SystemFacts, slotsOf } from "./system-facts.ts";

export type AttentionAction =
  | { label: string; link: Pick<LinkProps, "to" | "search" | "params"> }
  | { label: string; resume: string };

export type Attention = {
  /** Stable while the trouble lasts. */
  key: string;
  severity: "broken" | "degraded" | "notable";
  title: string;
  detail: string;
  /** Words of a machine: an error message. */
  isDetailCode?: boolean;
  action: AttentionAction | null;
};

const longWaitSeconds = 300;
/** Above this the engine gives retries a smaller share of the claims, unless it is configured otherwise. */
const retryFlood = 1_000;

const order: Record<Attention["severity"], number> = { broken: 0, degraded: 1, notable: 2 };

/** Within a severity the order is that of the sources below. */
export function listAttention(facts: SystemFacts): Attention[] {
  return [
    ...workerTroubles(facts),
    ...serviceTroubles(facts),
    ...storeTroubles(facts),
    ...unservedQueues(facts),
    ...deadLetters(facts),
    ...longWaits(facts),
    ...pausedQueues(facts),
    ...retries(facts),
  ].sort((a, b) => order[a.severity] - order[b.severity]);
}

function storeTroubles({ storeWarnings }: SystemFacts): Attention[] {
  return storeWarnings.map((warning) => {
    const end = warning.search(/[.:] /);
    return {
      key: `store ${warning.replace(/\d+/g, "")}`,
      severity: "broken",
      title: end < 0 ? warning.replace(/\.$/, "") : warning.slice(0, end),
      detail: end < 0 ? "What stands here is as it was before" : capitalized(warning.slice(end + 2)),
      action: null,
    };
  });
}

function unservedQueues({ queues, fleet }: SystemFacts): Attention[] {
  if (queues === null || fleet === null || liveWorkers(fleet).length === 0) return [];
  return queues.queues
    .filter(({ workers, waiting, paused }) => workers === 0 && waiting > 0 && !paused)
    .map(({ queue, waiting }) => ({
      key: `unserved ${queue}`,
      severity: "broken",
      title: `No worker serves ${queue}`,
      detail: `${countOf(waiting, "task")} in it can't run before a worker has a type of that queue`,
      action: { label: "Workers", link: { to: "/workers" } },
    }));
}

function deadLetters({ errorGroups, status }: SystemFacts): Attention[] {
  const known = errorGroups ?? { groups: [], total_groups: 0, total_dead_letters: 0 };
  const count = Math.max(status?.states.DLQ ?? 0, known.total_dead_letters);
  if (count === 0) return [];
  const [largest] = [...known.groups].sort((a, b) => b.count - a.count);
  if (largest === undefined) {
    return [deadLetter(countOf(count, "dead letter"), { detail: "They gave up; retry or purge them" })];
  }
  const causes = known.total_groups === 1 ? "one cause" : `${known.total_groups} causes`;
  const share = known.total_groups === 1 ? "" : `${largest.count} × `;
  return [
    deadLetter(`${countOf(count, "dead letter")}, ${causes}`, {
      detail: `${share}${largest.message}`,
      isDetailCode: true,
      group: largest.error_group,
    }),
  ];
}

function deadLetter(
  title: string,
  { detail, isDetailCode = false, group }: { detail: string; isDetailCode?: boolean; group?: string },
): Attention {
  const link = { to: "/dead-letters", ...(group !== undefined && { search: { group } }) } as const;
  return {
    key: "dead letters",
    severity: "degraded",
    title,
    detail,
    isDetailCode,
    action: { label: "Review", link },
  };
}

function longWaits({ queues, fleet }: SystemFacts): Attention[] {
  if (queues === null || fleet === null) return [];
  const { used, all } = slotsOf(fleet);
  const idle = all - used;
  return queues.queues.flatMap(
    ({ queue, paused, workers, waiting, oldest_waiting_seconds: age }): Attention[] => {
      if (idle <= 0 || paused || workers === 0 || age === null || age < longWaitSeconds) return [];
      return [
        {
          key: `waits ${queue}`,
          severity: "degraded",
          title: `A task in ${queue} waits for ${formatDuration(age * 1000)}`,
          detail: `${countOf(idle, "slot")} idle while ${countOf(waiting, "task")} ${waiting === 1 ? "waits" : "wait"} there`,
          action: { label: "Workers", link: { to: "/workers" } },
        },
      ];
    },
  );
}

function pausedQueues({ queues }: SystemFacts): Attention[] {
  if (queues === null) return [];
  return pausedWithTasks(queues).map(({ queue, waiting }) => ({
    key: `paused ${queue}`,
    severity: "notable",
    title: `Queue ${queue} is paused`,
    detail: `${countOf(waiting, "task")} ${waiting === 1 ? "waits" : "wait"} until it is resumed`,
    action: { label: "Resume", resume: queue },
  }));
}

function retries({ status }: SystemFacts): Attention[] {
  const depth = status?.queues.retry ?? 0;
  if (status === null || depth <= retryFlood) return [];
  return [
    {
      key: "retries",
      severity: "degraded",
      title: `${countOf(depth, "retry", "retries")} wait`,
      detail: `They get ${formatShare(status.retryRatio)} of the claims, so that new tasks go on; find out what fails`,
      action: { label: "Look", link: { to: "/tasks", search: { q: "status:PENDING" } } },
    },
  ];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
