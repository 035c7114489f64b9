import {
  activeState,
  type CallRecord,
  type CreditsPoint,
  type ServiceCheck,
  type ServiceState,
  toldStandsMs,
} from "@workstream/core";
import { anyText, type Connection, type Statement, textOfAny } from "./connection.ts";

export type CreditsLevel = "ok" | "warning" | "critical";

const historyStepMs = 3_600_000;
const historyKeptMs = 30 * 24 * 3_600_000;

/** What is known of each service beside its guards. */
export class ServiceStateTable {
  readonly #find: Statement;
  readonly #noteCall: Statement;
  readonly #noteFound: Statement;
  readonly #noteCheck: Statement;
  readonly #level: Statement;
  readonly #setLevel: Statement;
  readonly #newestPoint: Statement;
  readonly #addPoint: Statement;
  readonly #points: Statement;
  readonly #prunePoints: Statement;

  constructor({ prepare }: Connection) {
    this.#find = prepare(
      `SELECT state, CAST(message AS BLOB), balance, usage_today, usage_month, last_check_at, checked_at,
        balance_checked_at, consecutive_failures, CAST(error_details AS BLOB), told_state, CAST(told_message AS BLOB),
        told_at, told_until, found_state, CAST(found_message AS BLOB) FROM service_states WHERE service = ?`,
    );
    this.#noteCall = prepare(
      `INSERT INTO service_states (service, state, message, last_check_at, consecutive_failures,
        told_state, told_message, told_at, told_until)
       VALUES (?1, ?2, ?3, ?4, ?5, ?2, ?3, ?4, ?7)
       ON CONFLICT DO UPDATE SET state = ?2, message = ?3, last_check_at = ?4,
        told_state = ?2, told_message = ?3, told_at = ?4, told_until = ?7,
        consecutive_failures = CASE ?6 WHEN 'success' THEN 0 ELSE consecutive_failures + ?5 END,
        error_details = CASE ?6 WHEN 'success' THEN NULL ELSE error_details END`,
    );
    this.#noteFound = prepare(
      `INSERT INTO service_states (service, state, message, last_check_at, consecutive_failures, error_details)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT DO UPDATE SET state = ?2, message = ?3, error_details = ?6,
        consecutive_failures = CASE ?5 WHEN 0 THEN 0 ELSE consecutive_failures + 1 END`,
    );
    this.#noteCheck = prepare(
      `UPDATE service_states SET last_check_at = ?2, checked_at = ?2, found_state = ?3, found_message = ?4,
        balance = coalesce(?5, balance), usage_today = coalesce(?6, usage_today),
        usage_month = coalesce(?7, usage_month), balance_checked_at = coalesce(?8, balance_checked_at)
       WHERE service = ?1`,
    );
    this.#level = prepare("SELECT credits_level FROM service_states WHERE service = ?");
    this.#setLevel = prepare("UPDATE service_states SET credits_level = ? WHERE service = ?");
    this.#newestPoint = prepare("SELECT max(at) FROM service_credits WHERE service = ?");
    this.#addPoint = prepare("INSERT INTO service_credits (service, at, balance, usage) VALUES (?, ?, ?, ?)");
    this.#points = prepare(
      "SELECT at, balance, usage FROM service_credits WHERE service = ? AND at > ? ORDER BY at",
    );
    this.#prunePoints = prepare("DELETE FROM service_credits WHERE service = ? AND at <= ?");
  }

  find(service: string): ServiceState | null {
    const row = this.#find.first<StateRow>(service);
    if (!row) return null;
    const [state, message, balance, usageToday, usageMonth, lastCheckAt, ...rest] = row;
    const [checkedAt, balanceCheckedAt, consecutiveFailures, errorDetails, ...words] = rest;
    const [toldState, toldMessage, toldAt, toldUntil, foundState, foundMessage] = words;
    return {
      state,
      message: textOfAny(message) ?? "",
      told:
        toldState === null || toldAt === null
          ? null
          : { state: toldState, message: textOfAny(toldMessage) ?? "", at: toldAt, until: toldUntil },
      found: foundState === null ? null : { state: foundState, message: textOfAny(foundMessage) ?? "" },
      balance,
      usageToday,
      usageMonth,
      lastCheckAt,
      checkedAt,
      balanceCheckedAt,
      consecutiveFailures,
      errorDetails: textOfAny(errorDetails),
    };
  }

  /** What a call told of the service, if it did. */
  noteCall(service: string, call: CallRecord, now: number): void {
    const { serviceState, message, outcome, holdMs } = call;
    if (serviceState === null) return;
    const failures = outcome === "failure" ? 1 : 0;
    const until = holdMs !== null && holdMs > 0 ? now + holdMs : null;
    this.#noteCall.run(service, serviceState, anyText(message), now, failures, outcome, until);
  }

  noteCheck(service: string, check: ServiceCheck, now: number): void {
    const { state, message, errorDetails, balance, usageToday, usageMonth } = check;
    const isActive = state === activeState;
    if (!isActive || !this.#toldStands(service, now)) {
      const texts = [anyText(message), now, isActive ? 0 : 1, anyText(errorDetails)];
      this.#noteFound.run(service, state, ...texts);
    }
    const told = [balance, usageToday, usageMonth, balance === null ? null : now];
    this.#noteCheck.run(service, now, state, anyText(message), ...told);
  }

  /** Whether what a call said is wrong still counts: a check that finds nothing wrong knows less. */
  #toldStands(service: string, now: number): boolean {
    const told = this.find(service)?.told ?? null;
    return told !== null && told.state !== activeState && now < (told.until ?? told.at + toldStandsMs);
  }

  /** Of a service with a state. Answers what it was before. */
  setCreditsLevel(service: string, level: CreditsLevel): CreditsLevel {
    const [before] = this.#level.first<[CreditsLevel | null]>(service) ?? [null];
    this.#setLevel.run(level, service);
    return before ?? "ok";
  }

  addCredits(service: string, { at, balance, usage }: CreditsPoint): void {
    const newestAt = this.#newestPoint.first<[number | null]>(service)?.[0] ?? null;
    if (newestAt !== null && at - newestAt < historyStepMs) return;
    this.#prunePoints.run(service, at - historyKeptMs);
    this.#addPoint.run(service, at, balance, usage);
  }

  /** Of the last 30 days, oldest first. */
  creditsHistory(service: string, now: number): CreditsPoint[] {
    const rows = this.#points.all<[number, number, number]>(service, now - historyKeptMs);
    return rows.map(([at, balance, usage]) => ({ at, balance, usage }));
  }
}

type StateRow = [
  state: string,
  message: unknown,
  balance: number | null,
  usageToday: number | null,
  usageMonth: number | null,
  lastCheckAt: number,
  checkedAt: number | null,
  balanceCheckedAt: number | null,
  consecutiveFailures: number,
  errorDetails: unknown,
  toldState: string | null,
  toldMessage: unknown,
  toldAt: number | null,
  toldUntil: number | null,
  foundState: string | null,
  foundMessage: unknown,
];
