import type { CallRecord, ServiceDay } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

const dayMs = 24 * 3_600_000;
const keptDays = 30;
const statePrefix = "state_";

/** Figures of a service's calls by UTC day. */
export class ServiceCallTable {
  readonly #add: Statement;
  readonly #list: Statement;
  readonly #prune: Statement;

  constructor({ prepare }: Connection) {
    this.#add = prepare(
      `INSERT INTO service_calls (service, date, counter, value) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET value = value + excluded.value`,
    );
    this.#list = prepare(
      `SELECT date, counter, value FROM service_calls WHERE service = ? AND date >= ? AND date <= ?
       ORDER BY date DESC, counter`,
    );
    this.#prune = prepare("DELETE FROM service_calls WHERE service = ? AND date < ?");
  }

  add(service: string, calls: readonly CallRecord[], now: number): void {
    const date = dateOf(now);
    for (const [counter, value] of sumsOf(calls)) this.#add.run(service, date, counter, value);
    this.#prune.run(service, firstDate(keptDays, now));
  }

  /** Newest first. */
  list(service: string, days: number, now: number): ServiceDay[] {
    const found = new Map<string, ServiceDay>();
    const since = firstDate(Math.min(days, keptDays), now);
    for (const [date, counter, value] of this.#list.all<Row>(service, since, dateOf(now))) {
      const day = found.get(date) ?? emptyDay(date);
      found.set(date, day);
      const name = counters[counter];
      if (name !== undefined) day[name] = value;
      else day.states[counter.slice(statePrefix.length)] = value;
    }
    return [...found.values()];
  }
}

type Row = [date: string, counter: string, value: number];

const counters: Record<string, Exclude<keyof ServiceDay, "date" | "states">> = {
  total_calls: "totalCalls",
  successful_calls: "successfulCalls",
  failed_calls: "failedCalls",
  prompt_tokens: "promptTokens",
  completion_tokens: "completionTokens",
  cost: "cost",
};

function sumsOf(calls: readonly CallRecord[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (counter: string, value: number) => {
    if (value !== 0) sums.set(counter, (sums.get(counter) ?? 0) + value);
  };
  for (const call of calls) {
    add("total_calls", 1);
    add("successful_calls", call.outcome === "success" ? 1 : 0);
    add("failed_calls", isFailed(call) ? 1 : 0);
    if (call.serviceState !== null) add(`${statePrefix}${call.serviceState}`, 1);
    add("prompt_tokens", call.promptTokens);
    add("completion_tokens", call.completionTokens);
    add("cost", call.cost);
  }
  return sums;
}

/** A call that says nothing of the service's health may still have failed: a wrong key, no credits. */
function isFailed({ outcome, serviceState }: CallRecord): boolean {
  if (outcome === "ignored") return serviceState !== null && serviceState !== "active";
  return outcome === "failure";
}

function emptyDay(date: string): ServiceDay {
  return {
    date,
    totalCalls: 0,
    successfulCalls: 0,
    failedCalls: 0,
    states: {},
    promptTokens: 0,
    completionTokens: 0,
    cost: 0,
  };
}

/** The first of the last `days`, today included. */
function firstDate(days: number, now: number): string {
  return dateOf(now - (days - 1) * dayMs);
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
