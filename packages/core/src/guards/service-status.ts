import type { ServiceGuardView } from "../ports/guards.ts";
import type { ServiceState } from "../ports/service-records.ts";

/** What is said of a service in one word and a sentence. */
export type ServiceWord = { state: string; message: string };

/** Of a service that nothing is wrong with. */
export const activeState = "active";
/** A call's word counts for so long against a check that finds nothing wrong: most checks cost no credits and no model. */
export const toldStandsMs = 300_000;

/**
 * What to say of a service that is known from calls, from checks and from its guards: docs/guards.md, "Status". Null when
 * nothing is known.
 */
export function statusOf(
  known: ServiceState | null,
  view: ServiceGuardView | null,
  now: number,
): ServiceWord | null {
  return notCalled(known, view) ?? foundWrong(known) ?? held(known, view, now) ?? lastWord(known, now);
}

/** While its breaker is not closed: what opened it, and until when. */
function notCalled(known: ServiceState | null, view: ServiceGuardView | null): ServiceWord | null {
  const breaker = view?.breaker;
  if (!breaker || breaker.state === "CLOSED") return null;
  const cause = foundWrong(known) ?? wrong(known?.told ?? null);
  const state = cause?.state ?? "service_unavailable";
  const why = cause?.message ? ` ${cause.message}` : "";
  if (breaker.state === "HALF_OPEN") {
    return {
      state,
      message: `Its circuit breaker lets a few calls through, to see whether it answers again.${why}`,
    };
  }
  const until = breaker.retryAt === null ? "an operator resets it" : instant(breaker.retryAt);
  return { state, message: `Its circuit breaker is open: it is not called until ${until}.${why}` };
}

/** A check that finds something wrong counts at once, until a call or a check knows better. */
function foundWrong(known: ServiceState | null): ServiceWord | null {
  const told = known?.told;
  if (!known || (told && told.at > (known.checkedAt ?? 0))) return null;
  return wrong(known.found);
}

function held(known: ServiceState | null, view: ServiceGuardView | null, now: number): ServiceWord | null {
  const until = Math.max(view?.limiter?.holdUntil ?? 0, holdTold(known));
  if (until <= now) return null;
  const said = known?.told?.state === heldState && known.told.message ? ` ${known.told.message}` : "";
  return { state: heldState, message: `It asked to be left alone until ${instant(until)}.${said}` };
}
const heldState = "rate_limited";

function holdTold(known: ServiceState | null): number {
  return known?.told?.state === heldState ? (known.told.until ?? 0) : 0;
}

function lastWord(known: ServiceState | null, now: number): ServiceWord | null {
  if (known === null) return null;
  const { told, found, state, message } = known;
  if (told === null || wrong(told) === null) return { state, message };
  const standsUntil = told.until ?? told.at + toldStandsMs;
  return now < standsUntil || found === null ? said(told) : said(found);
}

function wrong(word: ServiceWord | null): ServiceWord | null {
  return word === null || word.state === activeState ? null : said(word);
}

function said({ state, message }: ServiceWord): ServiceWord {
  return { state, message };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
