import { monthNames } from "./month-names.ts";

export const unknownDate = "unknown";

const months = monthNames();
const NAME = "\\p{L}{3,}";
const YEAR = "((?:19|20)\\d{2})";
type DateParts = [year: string | undefined, month: string | undefined, day: string | undefined];
const forms: { pattern: RegExp; read: (match: RegExpExecArray) => DateParts }[] = [
  { pattern: new RegExp(`\\b${YEAR}-(\\d{2})-(\\d{2})\\b`, "u"), read: (m) => [m[1], m[2], m[3]] },
  {
    pattern: new RegExp(`${YEAR}\\s*[年년]\\s*(\\d{1,2})\\s*[月월]\\s*(\\d{1,2})\\s*[日일]`, "u"),
    read: (m) => [m[1], m[2], m[3]],
  },
  {
    pattern: new RegExp(
      `\\b(\\d{1,2})(?:st|nd|rd|th|er|º|\\.ª)?\\.?[\\s-]+(?:de |of |d[’'])?(${NAME})\\.?,?[\\s-]+(?:de |del )?${YEAR}\\b`,
      "iu",
    ),
    read: (m) => [m[3], m[2], m[1]],
  },
  {
    pattern: new RegExp(`(?<!\\p{L})(${NAME})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+${YEAR}\\b`, "iu"),
    read: (m) => [m[3], m[1], m[2]],
  },
  {
    pattern: new RegExp(`\\b(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?${YEAR}\\b`, "u"),
    read: (m) => [m[3], m[2], m[1]],
  },
  // 15/03/2024 can only be day first; 03/04/2024 could be either, and a wrong date is worse than none.
  {
    pattern: new RegExp(`\\b(1[3-9]|2\\d|3[01])/(\\d{1,2})/${YEAR}\\b`, "u"),
    read: (m) => [m[3], m[2], m[1]],
  },
  {
    pattern: new RegExp(`\\b(\\d{1,2})/(1[3-9]|2\\d|3[01])/${YEAR}\\b`, "u"),
    read: (m) => [m[3], m[1], m[2]],
  },
];
const maxDatelineCharacters = 120;
const maxBareDateCharacters = 40;

/** The ISO date that a text contains, in any of 19 languages; undefined when there is none or it is ambiguous. */
export function findDate(text: string): string | undefined {
  for (const { pattern, read } of forms) {
    const match = pattern.exec(text);
    const date = match && toIsoDate(...read(match));
    if (date) return date;
  }
  return undefined;
}

/** A line that is nothing but a date, the name of the day included. */
export function isDateLine(text: string): boolean {
  return text.length <= maxBareDateCharacters && findDate(text) !== undefined;
}

/** The lines of an issue's first pages, by where a date among them may be the issue's own. */
export type DatePlaces = { margins: string[]; firstPageTop: string[]; elsewhere: string[] };

/**
 * The date of an issue: one in a margin or among the short lines at the top, else a line that is nothing but a date.
 * A date in a story or in a list of references is neither.
 */
export function findIssueDate({ margins, firstPageTop, elsewhere }: DatePlaces): string {
  for (const line of [...margins, ...firstPageTop.filter(isMastheadLine), ...elsewhere.filter(isDateLine)]) {
    const date = findDate(line);
    if (date) return date;
  }
  return unknownDate;
}

// A newspaper's dateline has numbers, prices and places beside the date, but no sentence.
function isMastheadLine(line: string): boolean {
  if (line.length > maxDatelineCharacters) return false;
  return !/\p{Ll}{3}[.!?](\s|$)/u.test(line) && (line.match(/(?<!\p{L})\p{Ll}{3,}/gu)?.length ?? 0) <= 3;
}

function toIsoDate(year?: string, month?: string, day?: string): string | undefined {
  if (!year || !month || !day) return undefined;
  const monthNumber = /^\d+$/.test(month) ? Number(month) : months.get(month.toLowerCase());
  if (!monthNumber) return undefined;
  const iso = `${year}-${String(monthNumber).padStart(2, "0")}-${day.padStart(2, "0")}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== iso ? undefined : iso;
}
