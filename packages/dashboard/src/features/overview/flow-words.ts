/** Rates and spans as they stand in a sentence. */
import { formatCount, formatRate } from "../../lib/format/numbers.ts";

/** "12 a second", "24 a minute", "less than one a minute". */
export function rateWords(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(perSecond)} a second`;
  if (perSecond >= 1) return `${formatRate(perSecond)} a second`;
  const perMinute = Math.round(perSecond * 60);
  return perMinute < 1 ? "less than one a minute" : `${formatCount(perMinute)} a minute`;
}

/** Short, for an edge or a cell: "7.1/s", "24/min". */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  if (perSecond >= 1) return `${formatRate(perSecond)}/s`;
  return perSecond * 60 < 0.95 ? "<1/min" : `${formatCount(perSecond * 60)}/min`;
}

/** "less than a minute", "about 3 minutes", "about 2 hours", "more than a day". */
export function spanWords(seconds: number): string {
  if (seconds < 50) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes <= 1) return "about a minute";
  if (minutes < 90) return `about ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours <= 24 ? `about ${hours} hours` : "more than a day";
}
