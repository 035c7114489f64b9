import type { RetryRatioSettings } from "@workstream/core";
import type { Config } from "./config-schema.ts";

/** The share of claims that retries get: workers claim by it, and the stores report it. */
export function retryRatioSettings(config: Config): RetryRatioSettings {
  return {
    normal: config.DEFAULT_RETRY_RATIO,
    warningDepth: config.RETRY_QUEUE_WARNING,
    criticalDepth: config.RETRY_QUEUE_CRITICAL,
  };
}
