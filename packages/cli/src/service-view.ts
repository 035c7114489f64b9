import type { GuardedServiceView, LimiterOnWire, ServiceDetail } from "@workstream/core";
import { columns, styled } from "./output.ts";

type BreakerWord = GuardedServiceView["state"];

const breakerStyles = { closed: "green", open: "red", "half-open": "yellow" } as const satisfies Record<
  BreakerWord,
  string
>;

export function serviceTable(services: readonly GuardedServiceView[]): string {
  const head = ["SERVICE", "BREAKER", "LIMIT", "LEFT", "WAIT", "NOTE"];
  return columns([head, ...services.map(serviceRow)]);
}

function serviceRow(service: GuardedServiceView): string[] {
  const { limiter } = service;
  const breaker = styled(breakerStyles[service.state] ?? "reset", service.state);
  if (limiter === null) return [service.service, breaker, "none", "", "", noteOf(service)];
  return [
    service.service,
    breaker,
    limitText(limiter),
    leftText(limiter),
    `${limiter.wait_seconds} s`,
    noteOf(service),
  ];
}

/** At rest the two make up the limit. */
function leftText({ tokens, kept_back }: LimiterOnWire): string {
  const left = Math.max(0, Math.floor(tokens)).toLocaleString("en");
  return `${left}, ${Math.ceil(kept_back).toLocaleString("en")} kept back`;
}

function noteOf({ state, retry_at, limiter }: GuardedServiceView): string {
  const notes = [];
  if (state === "open") notes.push(retry_at === null ? "open until reset" : `tries again at ${retry_at}`);
  if (limiter?.held_until) notes.push(`held until ${limiter.held_until}`);
  const isLearned = limiter !== null && limitText(limiter) !== limitText(limiter.configured);
  if (isLearned) notes.push(`learned from the service, set to ${limitText(limiter.configured)}`);
  return notes.join(", ");
}

/** `230/10s`, as it is written in settings. */
function limitText({
  requests,
  interval_seconds,
}: Pick<LimiterOnWire, "requests" | "interval_seconds">): string {
  const isWhole = Number.isInteger(interval_seconds);
  return `${requests}/${isWhole ? `${interval_seconds}s` : `${Math.round(interval_seconds * 1000)}ms`}`;
}

/** Everything that is known of a service, a line each. */
export function serviceCard(detail: ServiceDetail): string {
  const { limiter, credits_history: history } = detail;
  const rows: [string, string | number | null][] = [
    ["service", detail.service],
    ["status", detail.status],
    ["message", detail.message],
    ["details", detail.error_details],
    ["last check", detail.last_check],
    ["failures in a row", detail.consecutive_failures],
    ["breaker", styled(breakerStyles[detail.state] ?? "reset", detail.state)],
    ["failed, succeeded", `${detail.fail_count}, ${detail.success_count}`],
    ["opened at", detail.opened_at],
    ["note", noteOf(detail)],
    ["limit", limiter && limitText(limiter)],
    ["left", limiter?.tokens ?? null],
    ["kept back", limiter && `${limiter.kept_back}, for calls that arrive late`],
    ["wait", limiter && `${limiter.wait_seconds} s`],
    ["balance", detail.balance],
    ["usage today", detail.usage_today],
    ["usage this month", detail.usage_month],
    ["balance before", history[0] ? `${history[0].balance} at ${history[0].timestamp}` : null],
  ];
  return columns(
    rows.filter(([, value]) => value !== null && value !== "").map(([name, value]) => [name, String(value)]),
  );
}
