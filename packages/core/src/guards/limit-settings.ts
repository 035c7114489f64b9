import type { RateLimit } from "../ports/guards.ts";

/**
 * Which limit is in force, and where it came from: docs/guards.md, "Limiter", last rule.
 *
 * What the service taught us is not for ever: a learned limit is raised again, minute by minute, up to the one before it.
 */
export type LimitSettings = {
  inForce: RateLimit | null;
  /** The policy's, as it was taken over. */
  configured: RateLimit | null;
  /** An operator's, which goes before the policy's. */
  operator: RateLimit | null;
  /** Since when the limit in force is a learned one, moved on by every raise. */
  learnedAt: number | null;
};

const minuteMs = 60_000;
const raisesToWhole = 10;

export const noLimits: LimitSettings = { inForce: null, configured: null, operator: null, learnedAt: null };

/** At the start of a process: a limit that the code changed takes the place of all others. */
export function configureLimit(settings: LimitSettings, limit: RateLimit | null): LimitSettings {
  const wanted = usable(limit);
  if (settings.inForce !== null && isSameLimit(settings.configured, wanted)) return settings;
  return { inForce: wanted, configured: wanted, operator: null, learnedAt: null };
}

/** At any step: the store may have forgotten what was configured. */
export function ensureLimit(settings: LimitSettings, limit: RateLimit | null): LimitSettings {
  return settings.inForce === null && usable(limit) !== null ? configureLimit(settings, limit) : settings;
}

export function changeLimit(settings: LimitSettings, limit: RateLimit): LimitSettings {
  return { inForce: limit, configured: settings.configured, operator: limit, learnedAt: null };
}

/** Takes over what the service named, if that is lower; the same again starts its minutes anew. */
export function learnLimit(settings: LimitSettings, limit: RateLimit, now: number): LimitSettings {
  const { inForce, learnedAt } = settings;
  if (usable(limit) === null) return settings;
  if (inForce === null || rateOf(limit) < rateOf(inForce)) {
    return { ...settings, inForce: limit, learnedAt: now };
  }
  const isSame = learnedAt !== null && rateOf(limit) === rateOf(inForce);
  return isSame ? { ...settings, learnedAt: now } : settings;
}

/** Each full minute without a new one gives back a tenth of the rate before. */
export function raiseLimit(settings: LimitSettings, now: number): LimitSettings {
  const { inForce, learnedAt } = settings;
  const before = limitBeforeLearning(settings);
  if (inForce === null || learnedAt === null || before === null) return settings;
  const minutes = Math.floor((now - learnedAt) / minuteMs);
  if (minutes < 1) return settings;
  // In this order it is exact for whole numbers: as a rate times an interval, 43 a second were 42.99 in ten tenths.
  const tenth = Math.floor((before.requests * inForce.intervalMs) / before.intervalMs / raisesToWhole);
  const raised = { ...inForce, requests: inForce.requests + minutes * Math.max(1, tenth) };
  if (rateOf(raised) >= rateOf(before)) return { ...settings, inForce: before, learnedAt: null };
  return { ...settings, inForce: raised, learnedAt: learnedAt + minutes * minuteMs };
}

export function limitBeforeLearning({ operator, configured }: LimitSettings): RateLimit | null {
  return operator ?? configured;
}

export function isSameLimit(a: RateLimit | null, b: RateLimit | null): boolean {
  return a?.requests === b?.requests && a?.intervalMs === b?.intervalMs;
}

function rateOf({ requests, intervalMs }: RateLimit): number {
  return requests / intervalMs;
}

function usable(limit: RateLimit | null): RateLimit | null {
  return limit !== null && limit.requests > 0 && limit.intervalMs > 0 ? limit : null;
}
