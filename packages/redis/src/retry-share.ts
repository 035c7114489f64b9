import type { RetryRatioSettings } from "@workstream/core";

/** As scripts read it (lua/lib/retry-share.lua): thousandths and two depths. */
export function retryShareText({ normal, warningDepth, criticalDepth }: RetryRatioSettings): string {
  return `${Math.round(normal * 1_000)},${warningDepth},${criticalDepth}`;
}
