/** What is known of a service beside its guards. Workers' calls write it too, through `ServiceGuards.record`. */
export type ServiceState = {
  /**
   * One word, such as `active` or `credits_exhausted`, by the last call or check that had something to say. With what the
   * guards know: `statusOf`.
   */
  state: string;
  message: string;
  /** By the last call. `until`: when the service will answer again, where it said so. */
  told: { state: string; message: string; at: number; until: number | null } | null;
  /** By the last check, at `checkedAt`. */
  found: { state: string; message: string } | null;
  balance: number | null;
  usageToday: number | null;
  usageMonth: number | null;
  /** Epoch ms of the last call or check that told the state. */
  lastCheckAt: number;
  /** Epoch ms of the last check, whatever it found; null before the first. Calls don't move it. */
  checkedAt: number | null;
  /** Epoch ms of the last check that told the balance; null before the first. */
  balanceCheckedAt: number | null;
  consecutiveFailures: number;
  errorDetails: string | null;
};

/** What a check of the service found. Balance and usages are kept as they were where they are null. */
export type ServiceCheck = {
  state: string;
  message: string;
  errorDetails: string | null;
  balance: number | null;
  usageToday: number | null;
  usageMonth: number | null;
};

export type CreditThresholds = { warning: number; critical: number };

/** One UTC day of a service's calls. */
export type ServiceDay = {
  /** YYYY-MM-DD, UTC on the store's clock. */
  date: string;
  totalCalls: number;
  successfulCalls: number;
  failedCalls: number;
  /** Calls by the state that they told. */
  states: Record<string, number>;
  promptTokens: number;
  completionTokens: number;
  cost: number;
};

export type CreditsPoint = { at: number; balance: number; usage: number };

export interface ServiceRecords {
  readState(service: string): Promise<ServiceState | null>;

  /**
   * Stores what a check found. Of a check that found nothing wrong `state` and what goes with it are left alone while a
   * call's word stands (`toldStandsMs`, or as long as the service asked for). When it tells a balance, that goes into the credits and their history, and the first one
   * below a threshold publishes one `credits_low`; the next is published after the balance was above it again.
   */
  writeCheck(service: string, check: ServiceCheck, thresholds: CreditThresholds): Promise<void>;

  /** Whether this caller is the one who checks, for at most `leaseMs`: then it ends with `endCheck`. */
  beginCheck(service: string, leaseMs: number): Promise<boolean>;
  endCheck(service: string): Promise<void>;

  /** Days with calls, newest first, of the last `days` (1–30). */
  metrics(service: string, days: number): Promise<ServiceDay[]>;
  /** At most one point an hour, oldest first, of the last 30 days. */
  creditsHistory(service: string): Promise<CreditsPoint[]>;
}
