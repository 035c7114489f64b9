/**
 * An operation has a part in every partition. The one at home is the operation itself: its lease is that of the whole, and it
 * is worked off last, so that it runs as long as any part does. The others are held under a name of their own.
 *
 * A limit is shared out by how many match in each partition, the newest first within each.
 */
import {
  type BulkOperations,
  type OperationCount,
  type OperationLease,
  type OperationRecord,
  type OperationRequest,
  walkedStates,
} from "@workstream/core";
import type { Partition, PartitionSet } from "./partition-set.ts";

type Created = { id: string; request: OperationRequest; count: OperationCount };
type Share = { partition: Partition; request: OperationRequest; count: OperationCount };

export class PartitionedOperations implements BulkOperations {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async create(operation: Created, lease: OperationLease): Promise<"created" | "too_many"> {
    const { id } = operation;
    const [home, ...others] = await this.#shares(operation);
    for (const { partition, request, count } of others) {
      await partition.stores.operations.create({ id, request, count }, partLease(id, lease));
    }
    if (!home) return "too_many";
    const { operations } = home.partition.stores;
    const outcome = await operations.create({ id, request: home.request, count: home.count }, lease);
    if (outcome === "too_many")
      await this.#endParts((part) => part.fail(id, partOwner(id), "It was not begun."));
    return outcome;
  }

  async get(id: string): Promise<OperationRecord | null> {
    const home = await this.#partitions.home.stores.operations.get(id);
    if (home === null) return null;
    const parts = await Promise.all(this.#partitions.others.map(({ stores }) => stores.operations.get(id)));
    return parts.reduce<OperationRecord>((whole, part) => (part ? together(whole, part) : whole), home);
  }

  async list(limit: number): Promise<OperationRecord[]> {
    const listed = await this.#partitions.home.stores.operations.list(limit);
    const records = await Promise.all(listed.map(({ id }) => this.get(id)));
    return records.filter((record) => record !== null);
  }

  claim(lease: OperationLease): Promise<string | null> {
    return this.#partitions.home.stores.operations.claim(lease);
  }

  async step(id: string, lease: OperationLease): Promise<"more" | "ended" | "lease_lost"> {
    const { operations } = this.#partitions.home.stores;
    for (const { stores } of this.#partitions.others) {
      const held = await this.#holdHome(id, lease);
      if (held !== "held") return held;
      const outcome = await stores.operations.step(id, partLease(id, lease));
      if (outcome === "more") return outcome;
    }
    return operations.step(id, lease);
  }

  async fail(id: string, owner: string, error: string): Promise<void> {
    await this.#partitions.home.stores.operations.fail(id, owner, error);
    const home = await this.#partitions.home.stores.operations.get(id);
    if (home?.state === "failed") await this.#endParts((part) => part.fail(id, partOwner(id), error));
  }

  release(id: string, owner: string): Promise<void> {
    return this.#partitions.home.stores.operations.release(id, owner);
  }

  async cancel(id: string): Promise<boolean> {
    const isCancelled = await this.#partitions.home.stores.operations.cancel(id);
    await this.#endParts((part) => part.cancel(id));
    return isCancelled;
  }

  /** Moves the lease of the whole, which only its holder may. */
  async #holdHome(id: string, { owner, leaseMs }: OperationLease): Promise<"held" | "ended" | "lease_lost"> {
    const { clock, connection, keys } = this.#partitions.home.link;
    const key = keys.operation(id);
    const [holder, state] = await connection.read((client) => client.hmget(key, "owner", "state"));
    if (!state || (state === "running" && holder !== owner)) return "lease_lost";
    if (state !== "running") return "ended";
    await connection.write((client) => client.hset(key, "lease_until", Math.floor(clock.now() + leaseMs)));
    return "held";
  }

  async #endParts(end: (operations: BulkOperations) => Promise<unknown>): Promise<void> {
    await Promise.all(this.#partitions.others.map(({ stores }) => end(stores.operations)));
  }

  async #shares({ request, count }: Created): Promise<Share[]> {
    if (request.taskIds !== null) return this.#sharesOfIds(request, request.taskIds);
    const counts = await Promise.all(this.#partitions.all.map((partition) => countIn(partition, request)));
    const matched = counts.reduce((sum, one) => sum + one.matched, 0);
    const limits =
      request.limit === null
        ? null
        : sharedOut(
            request.limit,
            counts.map((one) => one.matched),
          );
    const isExact = limits === null && !count.isEstimate && matched === count.matched;
    return this.#partitions.all.map((partition, index) => {
      const own = counts[index]?.matched ?? 0;
      const limit = limits?.[index] ?? null;
      const share = limit === null ? own : Math.min(own, limit);
      return {
        partition,
        request: { ...request, limit },
        count: {
          matched: share,
          isEstimate: isExact ? (counts[index]?.isEstimate ?? true) : limit === null || own < limit,
        },
      };
    });
  }

  async #sharesOfIds(request: OperationRequest, taskIds: readonly string[]): Promise<Share[]> {
    const places = await Promise.all(taskIds.map((id) => this.#partitions.locate(id)));
    const limits = request.limit === null ? null : this.#limitsOfIds(places, request.limit);
    return this.#partitions.all.map((partition) => {
      const own = taskIds.filter((_, index) => places[index] === partition);
      const limit = limits?.[partition.index] ?? null;
      const matched = limit === null ? own.length : Math.min(own.length, limit);
      return {
        partition,
        request: { ...request, taskIds: own, limit },
        count: { matched, isEstimate: false },
      };
    });
  }

  /** The first ones of the caller's list, wherever they are. */
  #limitsOfIds(places: readonly Partition[], limit: number): number[] {
    const limits = Array<number>(this.#partitions.count).fill(0);
    for (const { index } of places.slice(0, limit)) limits[index] = (limits[index] ?? 0) + 1;
    return limits;
  }
}

function partOwner(id: string): string {
  return `part of ${id}`;
}

function partLease(id: string, { leaseMs }: OperationLease): OperationLease {
  return { owner: partOwner(id), leaseMs };
}

async function countIn({ stores }: Partition, request: OperationRequest): Promise<OperationCount> {
  const query = { sortBy: "created_at", sortOrder: "asc", limit: 1, withBodies: false } as const;
  const pages = await Promise.all(
    walkedStates(request).map((state) =>
      stores.tasks.list({
        ...query,
        position: { offset: 0 },
        filter: { ...request.filter, ...(state !== null && { state }) },
      }),
    ),
  );
  return {
    matched: pages.reduce((sum, { total }) => sum + total, 0),
    isEstimate: pages.some(({ isTotalEstimate }) => isTotalEstimate),
  };
}

/** Shares in proportion to the counts, `limit` in all. */
function sharedOut(limit: number, counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => (all === 0 ? 0 : Math.floor((limit * count) / all)));
  let left = limit - shares.reduce((sum, share) => sum + share, 0);
  for (let index = 0; left > 0; index = (index + 1) % shares.length, left--)
    shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function together(whole: OperationRecord, part: OperationRecord): OperationRecord {
  const limits = [whole.request.limit, part.request.limit];
  const taskIds = [whole.request.taskIds, part.request.taskIds];
  return {
    ...whole,
    request: {
      ...whole.request,
      limit: limits.every((limit) => limit === null) ? null : (limits[0] ?? 0) + (limits[1] ?? 0),
      taskIds: taskIds.every((ids) => ids === null) ? null : [...(taskIds[0] ?? []), ...(taskIds[1] ?? [])],
    },
    total: whole.total + part.total,
    isTotalEstimate: whole.isTotalEstimate || (part.isTotalEstimate && part.state === "running"),
    done: whole.done + part.done,
    skipped: whole.skipped + part.skipped,
    failed: whole.failed + part.failed,
    error: whole.error ?? part.error,
    updatedAt: Math.max(whole.updatedAt, part.updatedAt),
  };
}
