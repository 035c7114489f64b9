import type { GuardedServiceView } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { formatInstant } from "../../lib/format/instants.ts";
import { formatCost } from "../../lib/format/numbers.ts";
import { serviceSubject } from "../../lib/format/service-name.ts";
import type { Attention } from "./attention.ts";
import type { SystemFacts } from "./system-facts.ts";

/** A limit that makes a new call wait longer than this is used up. */
const longTurnSeconds = 10;

export function serviceTroubles({ services, openrouter, credits }: SystemFacts): Attention[] {
  const guarded = (services ?? []).flatMap((service) => ofBreaker(service) ?? ofLimiter(service) ?? []);
  return [...guarded, ...ofAccount(openrouter), ...ofCredits(openrouter, credits)];
}

type Told = Pick<Attention, "severity" | "title" | "detail">;

function tell(service: string, what: string, { severity, title, detail }: Told): Attention {
  return {
    key: `${what} ${service}`,
    severity,
    title,
    detail,
    action: { label: "Open", link: { to: "/dependencies", search: { service } } },
  };
}

function ofBreaker({ service, state, retry_at: retryAt }: GuardedServiceView): Attention | null {
  const name = serviceSubject(service);
  if (state === "closed") return null;
  if (state === "half-open") {
    return tell(service, "breaker", {
      severity: "degraded",
      title: `${name} is on trial`,
      detail: "A few calls find out whether it answers again; the others wait",
    });
  }
  const next = retryAt === null ? null : formatInstant(retryAt, "time");
  return tell(service, "breaker", {
    severity: "broken",
    title: next === null ? `${name} is switched off` : `${name} is down`,
    detail: `Tasks that need it are parked with no attempt used up; ${
      next === null ? "nobody calls it until it is reset" : `it is tried again at ${next}`
    }`,
  });
}

function ofLimiter({ service, limiter }: GuardedServiceView): Attention | null {
  const name = serviceSubject(service);
  if (limiter === null) return null;
  if (limiter.held_until !== null) {
    return tell(service, "limiter", {
      severity: "degraded",
      title: `${name} is held`,
      detail: `It asked for a break: all workers wait until ${formatInstant(limiter.held_until, "time")}`,
    });
  }
  if (limiter.wait_seconds < longTurnSeconds) return null;
  return tell(service, "limiter", {
    severity: "notable",
    title: `${name} runs at its limit`,
    detail: `A call asked for now waits ${formatDuration(limiter.wait_seconds * 1000)}`,
  });
}

function ofAccount(openrouter: SystemFacts["openrouter"]): Attention[] {
  if (openrouter === null) return [];
  const { status, message } = openrouter;
  if (status !== "api_key_invalid" && status !== "credits_exhausted") return [];
  const title =
    status === "api_key_invalid" ? "OpenRouter refuses the key" : "OpenRouter has no credits left";
  return [tell("openrouter", "account", { severity: "broken", title, detail: message })];
}

function ofCredits(openrouter: SystemFacts["openrouter"], credits: SystemFacts["credits"]): Attention[] {
  if (credits === null || credits.balance === null || openrouter?.status === "credits_exhausted") return [];
  if (credits.level !== "warning" && credits.level !== "critical") return [];
  const limit = credits.level === "critical" ? credits.critical_threshold : credits.warning_threshold;
  return [
    tell("openrouter", "credits", {
      severity: credits.level === "critical" ? "broken" : "notable",
      title: `OpenRouter has ${formatCost(credits.balance)} left`,
      detail: `Below ${formatCost(limit)}; add credits before calls are refused`,
    }),
  ];
}
