import type { BreakerPolicy, CallRecord } from "../ports/guards.ts";
import { type BreakerRecord, closeBreaker, openBreaker, type StepContext } from "./breaker.ts";
import { endProbe } from "./probes.ts";

const bucketMs = 10_000;

export type EndedTurn = { outcome: CallRecord["outcome"]; version: number; probeId: string | null };

/** What one call that ended does to the breaker. One that began before the last change says nothing. */
export function countCall(
  breaker: BreakerRecord,
  { outcome, version, probeId }: EndedTurn,
  counting: Counting,
): void {
  if (version !== breaker.version) return;
  endProbe(breaker, probeId);
  if (outcome === "ignored") return;
  if (breaker.state === "CLOSED") countInWindow(breaker, outcome, counting);
  else if (breaker.state === "HALF_OPEN") countProbe(breaker, outcome, counting);
}

/** Leaves the sums of a closed breaker as they are at this moment. */
export function sumWindow(breaker: BreakerRecord, { windowMs }: BreakerPolicy, now: number): void {
  if (breaker.state !== "CLOSED") return;
  const current = Math.floor(now / bucketMs);
  let [failures, successes] = [0, 0];
  for (const [bucket, [failed, succeeded]] of Object.entries(breaker.window)) {
    if (current - Number(bucket) < windowMs / bucketMs) {
      failures += failed;
      successes += succeeded;
    } else {
      delete breaker.window[bucket];
    }
  }
  breaker.failures = failures;
  breaker.successes = successes;
}

type Counting = StepContext & { policy: BreakerPolicy };
type Counted = Exclude<CallRecord["outcome"], "ignored">;

function countInWindow(breaker: BreakerRecord, outcome: Counted, { policy, ...context }: Counting): void {
  const bucket = Math.floor(context.now / bucketMs);
  const [failed, succeeded] = breaker.window[bucket] ?? [0, 0];
  breaker.window[bucket] = outcome === "failure" ? [failed + 1, succeeded] : [failed, succeeded + 1];
  sumWindow(breaker, policy, context.now);
  const { failures, successes } = breaker;
  const { failureThreshold, volumeThreshold, openMs } = policy;
  const all = failures + successes;
  const isFailing = failureThreshold > 0 && failures / all >= failureThreshold;
  if (isFailing && all >= volumeThreshold) openBreaker(breaker, context.now + openMs, context);
}

function countProbe(breaker: BreakerRecord, outcome: Counted, { policy, ...context }: Counting): void {
  if (outcome === "failure") {
    breaker.failures += 1;
    openBreaker(breaker, context.now + policy.openMs, context);
    return;
  }
  breaker.successes += 1;
  if (breaker.successes >= policy.probes) closeBreaker(breaker, context);
}
