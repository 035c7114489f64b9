/**
 * Instants on the wire: ISO 8601, UTC. Inside they are epoch milliseconds; this file is where the two meet.
 */
import { z } from "zod";

export function toInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function toInstantOrNull(atMs: number | null): string | null {
  return atMs === null ? null : toInstant(atMs);
}

const dayMs = 24 * 3_600_000;
const dateOnly = z.regexes.date;
const dateAndTime = z.regexes.datetime({ precision: null, offset: true, local: true });
const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** An instant in ISO 8601 as epoch ms, or null when it is none. Without a zone it is UTC; a bare date is its midnight. */
export function parseInstant(text: string): number | null {
  // A "+" that was not escaped in a query string arrives as a blank, and so may the "T".
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, "$1T").replace(/ (?=\d{2}:?\d{2}$)/, "+");
  if (dateOnly.test(iso)) return Date.parse(`${iso}T00:00:00Z`);
  if (!dateAndTime.test(iso)) return null;
  return Date.parse(hasZone.test(iso) ? iso : `${iso}Z`);
}

/** The last millisecond of a bare date; any other instant is itself. */
export function parseInstantEnd(text: string): number | null {
  const atMs = parseInstant(text);
  return atMs !== null && dateOnly.test(text) ? atMs + dayMs - 1 : atMs;
}

export const instantSchema = z.string().meta({ format: "date-time", description: "ISO 8601, UTC" });
export const nullableInstantSchema = instantSchema.nullable();

function instantInput(parse: (text: string) => number | null) {
  return z
    .string()
    .transform((text, context) => {
      const atMs = parse(text);
      if (atMs !== null) return atMs;
      context.addIssue({ code: "custom", message: "It must be an ISO 8601 date or instant." });
      return z.NEVER;
    })
    .meta({ format: "date-time", examples: ["2026-01-31T12:00:00Z", "2026-01-31"] });
}

/** ISO 8601 in, epoch ms out. */
export const instantInputSchema = instantInput(parseInstant);
/** The same for the end of a span: a bare date includes its whole day. */
export const instantEndInputSchema = instantInput(parseInstantEnd);
