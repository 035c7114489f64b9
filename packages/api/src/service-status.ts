/**
 * What is known of a service, kept current without asking it more often than needed.
 *
 * What the store holds is served as it is for `freshMs` after the last check. Until `staleMs` after the last check or
 * call it is served at once too, while one caller checks in the background; beyond that callers wait for the check. One
 * check runs at a time in the whole fleet, and the next one begins `spacingMs` after it began at the earliest, forced or
 * not: whoever is refused the check waits for what the other one stores. Workers' calls keep the state current too, but
 * tell no balance.
 *
 * Ages are differences on the store's clock, waits are measured on ours.
 */
import type { ServiceCheck, ServiceInfo, ServiceRecords, ServiceState } from "@workstream/core";

export type ServiceStatusSettings = {
  freshMs: number;
  staleMs: number;
  /** From the beginning of a check to that of the next. */
  spacingMs: number;
  /** How long a check may take. */
  checkMs: number;
  /** How often those who wait for another gateway's check look for its outcome. */
  pollMs: number;
};

export const defaultServiceStatusSettings: ServiceStatusSettings = {
  freshMs: 60_000,
  staleMs: 300_000,
  spacingMs: 5_000,
  // A little over the service's own limit, which says better what went wrong.
  checkMs: 11_000,
  pollMs: 200,
};

/** For storing what was found; past it the check counts as lost with its gateway. */
const storingMs = 5_000;

export type StatusClock = {
  /** The store's time, epoch ms. */
  storeNow(): number;
  /** Monotonic, ms. */
  monotonicNow(): number;
  sleep(ms: number): Promise<void>;
};

export function statusClock(storeNow: () => number): StatusClock {
  return {
    storeNow,
    monotonicNow: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  };
}

export type StatusAnswer = {
  /** Null: nothing is known. */
  state: ServiceState | null;
  /** It was there already when it was asked for. */
  isCached: boolean;
};

export class ServiceStatus {
  readonly #records: ServiceRecords;
  readonly #clock: StatusClock;
  readonly #settings: ServiceStatusSettings;
  readonly #checks = new Map<string, Promise<boolean>>();
  readonly #waits = new Map<string, Promise<StatusAnswer>>();
  readonly #closing = new AbortController();

  constructor(
    records: ServiceRecords,
    clock: StatusClock,
    settings: ServiceStatusSettings = defaultServiceStatusSettings,
  ) {
    this.#records = records;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** @throws store_unavailable */
  async read(info: ServiceInfo, { isForced = false } = {}): Promise<StatusAnswer> {
    const state = await this.#records.readState(info.name);
    if (info.check === null)
      return { state: this.#isFresh(state?.lastCheckAt) ? state : null, isCached: true };
    if (isForced || state === null || this.#isOld(state)) return this.#await(info, state);
    if (!this.#isFresh(state.checkedAt)) this.#refreshAside(info);
    return { state, isCached: true };
  }

  /** Checks in the background, unless somebody did within `maxAgeMs`. */
  async keepCurrent(info: ServiceInfo, maxAgeMs: number): Promise<void> {
    if (info.check === null) return;
    const state = await this.#records.readState(info.name);
    if (state?.checkedAt != null && this.#age(state.checkedAt) <= maxAgeMs) return;
    await this.#check(info);
  }

  /** Aborts the checks under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#checks.values(), ...this.#waits.values()]);
  }

  #age(at: number): number {
    return Math.max(0, this.#clock.storeNow() - at);
  }

  /** Or never checked: then nothing is known of its credits. */
  #isOld({ lastCheckAt, checkedAt }: ServiceState): boolean {
    return checkedAt === null || this.#age(lastCheckAt) > this.#settings.staleMs;
  }

  #isFresh(at: number | null | undefined): boolean {
    return at != null && this.#age(at) <= this.#settings.freshMs;
  }

  #refreshAside(info: ServiceInfo): void {
    // The next caller tries again.
    this.#check(info).catch(() => {});
  }

  /** All who wait in this gateway wait together. */
  #await(info: ServiceInfo, before: ServiceState | null): Promise<StatusAnswer> {
    const waiting = this.#waits.get(info.name);
    if (waiting) return waiting;
    const wait = this.#awaitCheck(info, before).finally(() => this.#waits.delete(info.name));
    this.#waits.set(info.name, wait);
    return wait;
  }

  async #awaitCheck(info: ServiceInfo, before: ServiceState | null): Promise<StatusAnswer> {
    const { checkMs, pollMs } = this.#settings;
    const deadlineMs = this.#clock.monotonicNow() + checkMs + storingMs;
    for (;;) {
      if (await this.#check(info)) {
        return { state: await this.#records.readState(info.name), isCached: false };
      }
      const state = await this.#records.readState(info.name);
      const isNew = (state?.checkedAt ?? 0) > (before?.checkedAt ?? 0);
      if (isNew || this.#isSpaced(state)) return { state, isCached: !isNew };
      const isLate = this.#closing.signal.aborted || this.#clock.monotonicNow() >= deadlineMs;
      if (isLate) return { state, isCached: true };
      await this.#clock.sleep(pollMs);
    }
  }

  /** Checked so lately that nobody may check again yet. */
  #isSpaced(state: ServiceState | null): boolean {
    return state?.checkedAt != null && this.#age(state.checkedAt) < this.#settings.spacingMs;
  }

  /** One check at a time; false when another gateway has it, or had it a moment ago. */
  #check(info: ServiceInfo): Promise<boolean> {
    const running = this.#checks.get(info.name);
    if (running) return running;
    const check = this.#checkOnce(info).finally(() => this.#checks.delete(info.name));
    this.#checks.set(info.name, check);
    return check;
  }

  async #checkOnce(info: ServiceInfo): Promise<boolean> {
    const { checkMs, spacingMs } = this.#settings;
    const leaseMs = Math.max(checkMs + storingMs, spacingMs);
    if (!(await this.#records.beginCheck(info.name, leaseMs))) return false;
    const nextMs = this.#clock.monotonicNow() + spacingMs;
    try {
      const found = await this.#ask(info);
      if (found !== null) await this.#records.writeCheck(info.name, found, info.creditThresholds);
      return found !== null;
    } finally {
      void this.#endCheck(info.name, nextMs);
    }
  }

  /** The lease is what keeps checks apart, so it is held until the next one may begin. */
  async #endCheck(service: string, atMs: number): Promise<void> {
    const leftMs = atMs - this.#clock.monotonicNow();
    if (leftMs > 0 && !this.#closing.signal.aborted) await this.#clock.sleep(leftMs);
    await this.#records.endCheck(service).catch(() => {});
  }

  /** Null when the gateway closes meanwhile, which says nothing of the service. */
  async #ask({ name, check }: ServiceInfo): Promise<ServiceCheck | null> {
    const { checkMs } = this.#settings;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(checkMs)]);
    try {
      if (check !== null) return await Promise.race([check(signal), aborted(signal)]);
    } catch (error) {
      if (!signal.aborted) return failedCheck("error", `${name} could not be checked.`, error);
    }
    if (this.#closing.signal.aborted) return null;
    return failedCheck("service_unavailable", `${name} did not answer within ${checkMs / 1000} s.`, null);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function failedCheck(state: string, message: string, error: unknown): ServiceCheck {
  const errorDetails = error instanceof Error ? error.message : null;
  return { state, message, errorDetails, balance: null, usageToday: null, usageMonth: null };
}
