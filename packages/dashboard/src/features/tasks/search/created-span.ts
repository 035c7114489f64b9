/**
 * Spans of creation times, as people write them: `24h`, `today`, `2026-01-31`, `>2026-01-31`, `2026-01-01..2026-01-31`.
 * Days are those of the reader's time zone.
 */

/** Epoch ms, both included. */
export type CreatedSpan = { fromMs?: number; toMs?: number };
export type Clock = { nowMs: number; timeZone: string };

export const createdExamples = "24h, today, 2026-01-31, >2026-01-31 or 2026-01-01..2026-01-31";

const dayMs = 86_400_000;
const unitMs = { m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs } as const;
const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Null for what is no span. */
export function createdSpan(text: string, clock: Clock): CreatedSpan | null {
  const span = readSpan(text.toLowerCase(), clock);
  if (span === null) return null;
  const isBackwards = span.fromMs !== undefined && span.toMs !== undefined && span.fromMs > span.toMs;
  return isBackwards ? null : span;
}

function readSpan(text: string, clock: Clock): CreatedSpan | null {
  const ago = /^(\d{1,4})([mhdw])$/.exec(text);
  if (ago) return { fromMs: clock.nowMs - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs] };
  if (text === "today" || text === "yesterday") {
    return stretch(dayOf(clock.nowMs - (text === "today" ? 0 : dayMs), clock.timeZone), clock);
  }
  const compared = /^(>=?|<=?)(.+)$/.exec(text);
  if (compared) return comparedSpan(compared[1] ?? "", compared[2] ?? "", clock);
  if (!text.includes("..")) return stretch(text, clock);
  const [from = "", to = "", ...more] = text.split("..");
  const begin = stretch(from, clock);
  const end = stretch(to, clock);
  if (more.length > 0 || (from !== "" && !begin) || (to !== "" && !end) || from + to === "") return null;
  return { ...fromOf(begin?.fromMs), ...toOf(end?.toMs) };
}

function comparedSpan(sign: string, text: string, clock: Clock): CreatedSpan | null {
  const moment = stretch(text, clock);
  if (!moment) return null;
  if (sign === ">") return { fromMs: moment.toMs + 1 };
  if (sign === ">=") return { fromMs: moment.fromMs };
  return { toMs: sign === "<" ? moment.fromMs - 1 : moment.toMs };
}

function fromOf(fromMs: number | undefined): CreatedSpan {
  return fromMs === undefined ? {} : { fromMs };
}

function toOf(toMs: number | undefined): CreatedSpan {
  return toMs === undefined ? {} : { toMs };
}

/** A day from its first to its last millisecond, or an instant. */
function stretch(text: string, { timeZone }: Clock): Required<CreatedSpan> | null {
  if (dateOnly.test(text)) {
    const midnight = Date.parse(`${text}T00:00:00Z`);
    if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return null;
    return { fromMs: zoned(midnight, timeZone), toMs: zoned(midnight + dayMs, timeZone) - 1 };
  }
  const match = instant.exec(text);
  if (!match) return null;
  const atMs = Date.parse(match[1] === undefined ? `${text}Z` : text);
  if (Number.isNaN(atMs)) return null;
  const exact = match[1] === undefined ? zoned(atMs, timeZone) : atMs;
  return { fromMs: exact, toMs: exact };
}

/** The day of an instant, as 2026-01-31. */
function dayOf(atMs: number, timeZone: string): string {
  return new Date(atMs + offsetMs(atMs, timeZone)).toISOString().slice(0, 10);
}

/** The instant at which clocks in the zone show what a UTC clock shows at `wallMs`. */
function zoned(wallMs: number, timeZone: string): number {
  const guess = wallMs - offsetMs(wallMs, timeZone);
  return wallMs - offsetMs(guess, timeZone);
}

function offsetMs(atMs: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const parts = new Intl.DateTimeFormat("en-US", {
    ...(timeZone !== "local" && { timeZone }),
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(atMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown - Math.floor(atMs / 1000) * 1000;
}
