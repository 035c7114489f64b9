/** Numbers for people, in the page's language. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 2 });
const fineDollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});

export function formatCount(count: number): string {
  return whole.format(count);
}

/** 1.2M where room is short. */
export function formatCompact(count: number): string {
  return count < 10_000 ? whole.format(count) : compact.format(count);
}

/** A rate: one digit below 100, none above. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond < 0.05) return "<0.1";
  return perSecond < 100 ? oneDigit.format(perSecond) : whole.format(perSecond);
}

/** A rate that somebody set, as it was set where it is whole: 23, 0.5. */
export function formatPace(perSecond: number): string {
  return Number.isInteger(perSecond) ? whole.format(perSecond) : formatRate(perSecond);
}

/** @param share 0–1 */
export function formatShare(share: number): string {
  return percent.format(share);
}

export function formatCost(amount: number): string {
  return Math.abs(amount) > 0 && Math.abs(amount) < 0.1 ? fineDollars.format(amount) : dollars.format(amount);
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), byteUnits.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? whole.format(value) : oneDigit.format(value)} ${byteUnits[power]}`;
}

/** "1 task", "2 tasks", "1,200 tasks". */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
