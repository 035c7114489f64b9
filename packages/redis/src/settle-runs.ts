/** Attempts as the settle scripts take them, in runs of those that are alike (lua/lib/attempt-runs.lua), and their answer. */
import {
  maxErrorLength,
  messageFingerprint,
  type ParkedFor,
  type Settlement,
  type SettleOutcome,
  type SettleRequest,
} from "@workstream/core";
import type { UnsettledReply } from "./scripts.ts";

/** Ending, type, token and count of each run, then id and text of its attempts. */
export function attemptRuns(attempts: readonly SettleRequest[]): (string | number)[] {
  const values: (string | number)[] = [];
  let run = { ending: "", type: "", token: "", countAt: -1, count: 0 };
  for (const { id, type = "", token, settlement } of attempts) {
    const { ending, text } = settlementRecord(settlement);
    if (run.countAt < 0 || run.ending !== ending || run.type !== type || run.token !== token) {
      run = { ending, type, token, countAt: values.length + 3, count: 0 };
      values.push(ending, type, token, 0);
    }
    run.count += 1;
    values[run.countAt] = run.count;
    values.push(id, text);
  }
  return values;
}

/** Without those that repeat another one: the scripts may be told of a settlement once. */
export function distinctAttempts(attempts: readonly SettleRequest[]): readonly SettleRequest[] {
  if (new Set(attempts.map(({ id }) => id)).size === attempts.length) return attempts;
  return attempts.filter((attempt, at) => indexOfSame(attempts, attempt) === at);
}

function indexOfSame(attempts: readonly SettleRequest[], { id, token }: SettleRequest): number {
  return attempts.findIndex((other) => other.id === id && other.token === token);
}

/** One outcome for each of `attempts`, in order; `unsettled` speaks of the `distinct` ones. */
export function outcomesOf(
  attempts: readonly SettleRequest[],
  distinct: readonly SettleRequest[],
  unsettled: UnsettledReply,
): SettleOutcome[] {
  const outcomes = new Array<SettleOutcome>(distinct.length).fill("settled");
  for (let at = 0; at + 1 < unsettled.length; at += 2) {
    outcomes[Number(unsettled[at]) - 1] = unsettled[at + 1] as SettleOutcome;
  }
  if (distinct === attempts) return outcomes;
  return attempts.map((attempt) => outcomes[indexOfSame(distinct, attempt)] ?? "not_found");
}

const failKinds = { SCHEDULED: "back_off", DLQ: "bury", FAILED: "rest" } as const;

function settlementRecord(settlement: Settlement) {
  switch (settlement.kind) {
    case "complete":
      return { ending: "complete", text: settlement.result };
    case "cancel":
      return { ending: "cancel,,0", text: settlement.reason };
    case "release":
      return { ending: "release,,0", text: "" };
    case "snooze":
      return {
        ending: `${settlement.isParked ? "park" : "snooze"},,${settlement.delayMs}`,
        text: parkingText(settlement.parking),
      };
    case "fail": {
      const { error, errorType, next } = settlement;
      const delayMs = next.to === "SCHEDULED" ? next.delayMs : 0;
      const text = error.slice(0, maxErrorLength);
      const message = next.to === "DLQ" ? messageFingerprint(text) : "";
      return { ending: `${failKinds[next.to]},${errorType},${delayMs},${message}`, text };
    }
  }
}

/** A line each: name, cost, tokens, free failures and the sentence (lua/lib/joining.lua). */
function parkingText(parking: ParkedFor | undefined): string {
  if (!parking) return "";
  const { name, why, cost = 1, tokens = 0, freeFailures = 0 } = parking;
  return [name, cost, tokens, freeFailures, why].join("\n");
}
