/** What is known of a service beside its guards: state, credits, days. Calls write it too (lua/record-calls.lua). */
import {
  type CreditsPoint,
  type CreditThresholds,
  type ServiceCheck,
  type ServiceDay,
  type ServiceRecords,
  type ServiceState,
  toldStandsMs,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

const dayMs = 86_400_000;
const keptDays = 30;

export class RedisServiceRecords implements ServiceRecords {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async readState(service: string): Promise<ServiceState | null> {
    const { connection, keys } = this.#link;
    const fields = await connection.read((client) => client.hgetall(keys.service(service).state));
    return fields.state === undefined ? null : stateOf(fields.state, fields);
  }

  async writeCheck(service: string, check: ServiceCheck, thresholds: CreditThresholds): Promise<void> {
    await this.#link.scripts.run("write-check", {
      args: {
        service,
        state: check.state,
        message: check.message,
        errorDetails: check.errorDetails ?? "",
        balance: check.balance ?? "",
        usageToday: check.usageToday ?? "",
        usageMonth: check.usageMonth ?? "",
        warningLevel: thresholds.warning,
        criticalLevel: thresholds.critical,
        toldStandsMs,
      },
      keys: Object.values(this.#link.keys.service(service)),
    });
  }

  async beginCheck(service: string, leaseMs: number): Promise<boolean> {
    const [outcome] = await this.#link.scripts.run("begin-check", {
      args: { service, leaseMs },
      keys: [this.#link.keys.service(service).check],
    });
    return outcome === "begun";
  }

  async endCheck(service: string): Promise<void> {
    const { connection, keys } = this.#link;
    await connection.write((client) => client.del(keys.service(service).check));
  }

  async metrics(service: string, days: number): Promise<ServiceDay[]> {
    const { connection, keys } = this.#link;
    const dates = this.#lastDates(days);
    const hashes = await connection.read((client) =>
      Promise.all(dates.map((date) => client.hgetall(keys.serviceMetrics(service, date)))),
    );
    return dates.flatMap((date, index) => {
      const fields = hashes[index] ?? {};
      return Object.keys(fields).length === 0 ? [] : [dayOf(date, fields)];
    });
  }

  async creditsHistory(service: string): Promise<CreditsPoint[]> {
    const { clock, connection, keys } = this.#link;
    const from = Math.floor(clock.now()) - keptDays * dayMs;
    const key = keys.service(service).creditsHistory;
    const members = await connection.read((client) => client.zrange(key, from, "+inf", "BYSCORE"));
    return members.map(pointOf).filter((point) => point !== null);
  }

  /** UTC, today first. */
  #lastDates(days: number): string[] {
    const now = this.#link.clock.now();
    const count = Math.min(Math.max(Math.floor(days), 1), keptDays);
    return Array.from({ length: count }, (_, back) =>
      new Date(now - back * dayMs).toISOString().slice(0, 10),
    );
  }
}

function stateOf(state: string, fields: Record<string, string>): ServiceState {
  return {
    state,
    message: fields.message ?? "",
    told: toldBy(fields),
    found:
      fields.found_state === undefined
        ? null
        : { state: fields.found_state, message: fields.found_message ?? "" },
    balance: numberOrNull(fields.balance),
    usageToday: numberOrNull(fields.usage_today),
    usageMonth: numberOrNull(fields.usage_month),
    lastCheckAt: numberOrNull(fields.last_check) ?? 0,
    checkedAt: numberOrNull(fields.checked_at),
    balanceCheckedAt: numberOrNull(fields.balance_checked_at),
    consecutiveFailures: numberOrNull(fields.consecutive_failures) ?? 0,
    errorDetails: fields.error_details ?? null,
  };
}

function toldBy({ told_state: state, told_message: message = "", ...fields }: Record<string, string>) {
  const at = numberOrNull(fields.told_at);
  return state === undefined || at === null
    ? null
    : { state, message, at, until: numberOrNull(fields.told_until) };
}

function dayOf(date: string, fields: Record<string, string>): ServiceDay {
  const count = (field: string) => numberOrNull(fields[field]) ?? 0;
  const states = Object.keys(fields).filter((field) => field.startsWith("state_"));
  return {
    date,
    totalCalls: count("total_calls"),
    successfulCalls: count("successful_calls"),
    failedCalls: count("failed_calls"),
    states: Object.fromEntries(states.map((field) => [field.slice("state_".length), count(field)])),
    promptTokens: count("prompt_tokens"),
    completionTokens: count("completion_tokens"),
    cost: count("cost"),
  };
}

/** Null for a member that is not ours. */
function pointOf(member: string): CreditsPoint | null {
  const [at, balance, usage] = member.split(":").map(numberOrNull);
  if (at == null || balance == null || usage == null) return null;
  return { at, balance, usage };
}

/** Null for what is absent or no number: other programs may write here. */
function numberOrNull(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || text === "" || !Number.isFinite(number) ? null : number;
}
