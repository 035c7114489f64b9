/**
 * Guards live in the home partition, for the whole fleet. What the tasks of other partitions are parked until is what the home
 * answered. When a limit or a breaker is changed, each partition brings its own parked tasks forward, at its share of the rate
 * (lua/lib/due-times.lua, docs/guards.md).
 *
 * A limit may also be learned or raised by a call, so the home's events are heard by every process that has stores open.
 */
import type { GuardPolicy, RateLimit, ServiceEvent, ServiceGuards } from "@workstream/core";
import type { Partition, PartitionSet } from "./partition-set.ts";

type Listener = Parameters<ServiceGuards["subscribe"]>[0];

export class PartitionedGuards implements ServiceGuards {
  readonly acquire: ServiceGuards["acquire"];
  readonly confirm: ServiceGuards["confirm"];
  readonly cancel: ServiceGuards["cancel"];
  readonly record: ServiceGuards["record"];
  readonly read: ServiceGuards["read"];
  readonly list: ServiceGuards["list"];
  readonly forceOpen: ServiceGuards["forceOpen"];
  readonly #partitions: PartitionSet;
  readonly #home: ServiceGuards;
  #following: Promise<{ close(): Promise<void> }> | null = null;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
    this.#home = partitions.home.stores.guards;
    this.acquire = (policy, requests, maxWaitMs) => this.#home.acquire(policy, requests, maxWaitMs);
    this.confirm = (policy, turns, maxWaitMs) => this.#home.confirm(policy, turns, maxWaitMs);
    this.cancel = (policy, turns) => this.#home.cancel(policy, turns);
    this.record = (policy, calls) => this.#home.record(policy, calls);
    this.read = (service) => this.#home.read(service);
    this.list = () => this.#home.list();
    this.forceOpen = (service) => this.#home.forceOpen(service);
  }

  async configure(policy: GuardPolicy): Promise<void> {
    this.#follow();
    await this.#home.configure(policy);
    await this.#atOthers(async (partition) => {
      await noteLine(partition, policy);
      await partition.stores.guards.configure(policy);
    });
  }

  async reset(service: string) {
    const breaker = await this.#home.reset(service);
    await this.#atOthers(({ stores }) => beginAnew(stores.guards, service));
    return breaker;
  }

  async changeLimit(service: string, limit: RateLimit): Promise<void> {
    await this.#home.changeLimit(service, limit);
    await this.#repeatLimit(service);
  }

  subscribe(listener: Listener): Promise<{ close(): Promise<void> }> {
    this.#follow();
    return this.#home.subscribe(listener);
  }

  /** From now on what changes a limit at home is repeated elsewhere. Any process may do it, and all do. */
  #follow(): void {
    this.#following ??= this.#home.subscribe({
      onEvent: (event) => void this.#repeat(event).catch(() => {}),
      onGap: () => void this.#repeatAll().catch(() => {}),
    });
    this.#following.catch(() => {
      this.#following = null;
    });
  }

  async #repeat(event: ServiceEvent): Promise<void> {
    if (event.type === "rate_limit_changed") await this.#repeatLimit(event.service);
  }

  /** Limits that may have been changed unheard. */
  async #repeatAll(): Promise<void> {
    for (const { service } of await this.#home.list()) await this.#repeatLimit(service);
  }

  /** Until the home says the same before and after: whoever was held up in between would put an older limit back. */
  async #repeatLimit(service: string): Promise<void> {
    for (let repeated: RateLimit | null = null; ; ) {
      const limit = (await this.#home.read(service))?.limiter?.limit;
      if (!limit || (repeated && isSame(limit, repeated))) return;
      await this.#changeAtOthers(service, limit);
      repeated = limit;
    }
  }

  #changeAtOthers(service: string, limit: RateLimit): Promise<void> {
    return this.#atOthers(async ({ stores }) => {
      const view = await stores.guards.read(service);
      if (view?.limiter && isSame(view.limiter.limit, limit)) return;
      await stores.guards.changeLimit(service, limit);
    });
  }

  async #atOthers(act: (partition: Partition) => Promise<void>): Promise<void> {
    await Promise.all(this.#partitions.others.map(act));
  }
}

function isSame(a: RateLimit, b: RateLimit): boolean {
  return a.requests * b.intervalMs === b.requests * a.intervalMs;
}

/** Its tasks come back along the ramp, as those of the home do. */
async function beginAnew(guards: ServiceGuards, service: string): Promise<void> {
  await guards.forceOpen(service);
  await guards.reset(service);
}

/** What the places of parked tasks depend on (lua/lib/parking.lua), known there before anyone is parked. */
async function noteLine(
  { link }: Partition,
  { service, limit, tokenLimit, breaker }: GuardPolicy,
): Promise<void> {
  const text = (of: RateLimit | null) => (of ? `${of.requests},${of.intervalMs}` : ",");
  const line = `${text(limit)},${text(tokenLimit)},${breaker.rampMs},${breaker.openMs}`;
  const { bucket } = link.keys.service(service);
  await link.connection.write((client) => client.hsetnx(bucket, "line", line));
}
