/** Instants for people, in the time zone that they chose. */
import { preferences } from "../preferences.ts";

type Style = "time" | "date" | "full" | "minute";

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  date: { day: "numeric", month: "short", year: "numeric" },
  full: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "short",
  },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** @param zone an IANA name, or `local` */
export function formatInstant(instant: string | number, style: Style, zone = preferences().timeZone): string {
  const key = `${style}|${zone}`;
  const kept =
    formatters.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...styles[style], ...zoneOption(zone) });
  formatters.set(key, kept);
  return kept.format(typeof instant === "number" ? instant : Date.parse(instant));
}

function zoneOption(zone: string): Intl.DateTimeFormatOptions {
  return zone === "local" ? {} : { timeZone: zone };
}

/** Only the time for today's, else the date with it. */
export function formatMoment(instant: string | number, nowMs: number = Date.now()): string {
  const isToday = formatInstant(instant, "date") === formatInstant(nowMs, "date");
  const time = formatInstant(instant, "time");
  return isToday ? time : `${formatInstant(instant, "date")}, ${time}`;
}

const isoInstant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** A sentence of the gateway's with its instants in the chosen time zone. */
export function withLocalInstants(sentence: string): string {
  return sentence.replace(isoInstant, (instant) => formatMoment(instant));
}
