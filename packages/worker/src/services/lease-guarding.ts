import type { LeaseGuard, LeaseGuardSettings } from "@workstream/core";
import type { Logger } from "../logger.ts";

type Start = (settings: LeaseGuardSettings) => Promise<LeaseGuard>;

/** A handler that holds the event loop for longer than this is taken for hung, and its lease given up. */
export const silenceLimitMs = 10 * 60_000;

/**
 * Keeps a lease guard told that the event loop turns. While it does not, the guard extends the leases from
 * outside.
 * @returns a function that stops the guard
 */
export function startLeaseGuarding(
  start: Start,
  settings: LeaseGuardSettings,
  logger: Logger,
): () => Promise<void> {
  let guard: LeaseGuard | null = null;
  const starting = start(settings).then(
    (started) => {
      guard = started;
    },
    (error: unknown) => {
      logger.error({ err: error }, "no lease guard: a handler that blocks the event loop can lose its lease");
    },
  );
  const timer = setInterval(() => guard?.beat(), settings.leaseMs / 6);
  return async () => {
    clearInterval(timer);
    await starting;
    await guard?.stop();
  };
}
