/**
 * Guards around services that fail or meter: shared by the whole fleet, kept in the same store as the tasks.
 *
 * Every duration is in ms on the store's clock; tokens may be fractional.
 */
export type RateLimit = { requests: number; intervalMs: number };

/** A place on the limiter's virtual clock. `waitMs` 0 means now. */
export type Reservation = { id: string; waitMs: number };

export interface Limiter {
  /** Reserves `cost` tokens; answers with the wait until this caller's turn. */
  reserve(service: string, cost: number): Promise<Reservation>;
  /** Gives a turn back; refunds only what was not reserved after it. */
  cancel(service: string, reservation: Reservation): Promise<void>;
  /** Empties the bucket for everyone for `holdMs`: the service said when it will answer again. */
  hold(service: string, holdMs: number): Promise<void>;
  configure(service: string, limit: RateLimit): Promise<void>;
}

/** Each state owns its own data. */
export type BreakerState =
  | { state: "CLOSED"; failures: number; successes: number }
  | { state: "OPEN"; openedAt: number; retryAt: number; isForced: boolean }
  | { state: "HALF_OPEN"; openedAt: number; probes: number; successes: number };

export interface Breaker {
  read(service: string): Promise<BreakerState>;
  record(service: string, outcome: "success" | "failure"): Promise<BreakerState>;
  /** Opens until reset, whatever the calls say. */
  forceOpen(service: string): Promise<BreakerState>;
  reset(service: string): Promise<BreakerState>;
}

/** What is known of a service, as flat text fields; fresh and stale are the reader's business. */
export interface ServiceStateStore {
  read(service: string): Promise<Record<string, string> | null>;
  write(service: string, fields: Record<string, string>): Promise<void>;
  /** Whether this caller is the one who refreshes, for at most `leaseMs`. */
  beginRefresh(service: string, leaseMs: number): Promise<boolean>;
}
