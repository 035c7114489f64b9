/** Operations on many tasks: their records, and the chunks in which they are done (lua/operate.lua). */
import {
  type BulkOperations,
  bulkCancelReason,
  isAsOfStart,
  maxOperations,
  type OperationCount,
  type OperationLease,
  type OperationRecord,
  type OperationRequest,
  type OperationState,
} from "@workstream/core";
import { nextChunk } from "./bulk-chunk.ts";
import { ChunkSize } from "./chunk-size.ts";
import { RedisDeadLetterGroups } from "./dead-letter-groups.ts";
import type { StoreLink } from "./store-link.ts";
import type { TaskHash } from "./task-hash.ts";

type Held = { record: OperationRecord; cursor: unknown; owner: string };

const chunkBounds = { least: 10, most: 200 };

export class RedisBulkOperations implements BulkOperations {
  readonly #link: StoreLink;
  readonly #groups: RedisDeadLetterGroups;
  /** By action, for they cost more and less. */
  readonly #chunks = {
    retry: new ChunkSize(chunkBounds),
    cancel: new ChunkSize(chunkBounds),
    delete: new ChunkSize(chunkBounds),
  };

  constructor(link: StoreLink) {
    this.#link = link;
    this.#groups = new RedisDeadLetterGroups(link);
  }

  async create(
    { id, request, count }: { id: string; request: OperationRequest; count: OperationCount },
    { owner, leaseMs }: OperationLease,
  ): Promise<"created" | "too_many"> {
    const [outcome] = await this.#link.scripts.run("create-operation", {
      args: {
        ...{ id, owner, leaseMs, request: JSON.stringify(request) },
        ...{ total: count.matched, isEstimate: count.isEstimate ? "1" : "0", maxOperations },
      },
      keys: [this.#link.keys.operation(id)],
    });
    return outcome;
  }

  async get(id: string): Promise<OperationRecord | null> {
    return (await this.#read(id))?.record ?? null;
  }

  async list(limit: number): Promise<OperationRecord[]> {
    const ids = await this.#link.connection.read((client) =>
      client.zrange(this.#link.keys.operations, 0, `${limit - 1}`, "REV"),
    );
    const records = await Promise.all(ids.map((id) => this.get(id)));
    return records.filter((record) => record !== null);
  }

  async claim({ owner, leaseMs }: OperationLease): Promise<string | null> {
    const [outcome, id] = await this.#link.scripts.run("claim-operation", { args: { owner, leaseMs } });
    return outcome === "claimed" ? id : null;
  }

  async step(id: string, { owner, leaseMs }: OperationLease): Promise<"more" | "ended" | "lease_lost"> {
    const held = await this.#read(id);
    if (held === null) return "lease_lost";
    const { record } = held;
    if (record.state !== "running") return "ended";
    if (held.owner !== owner) return "lease_lost";
    const { action, resetRetryCount } = record.request;
    const chunk = this.#chunks[action];
    const walking = { link: this.#link, groups: this.#groups, record, size: chunk.size };
    const { state, records, cursor, isLast } = await nextChunk(walking, held.cursor);
    const args = {
      ...{ id, owner, leaseMs, action, resetsRetries: resetRetryCount ? "1" : "0" },
      ...{ reason: bulkCancelReason, state: state ?? "", asOf: isAsOfStart(record.request) ? "1" : "0" },
      ...{ cursor: JSON.stringify(cursor), isLast: isLast ? "1" : "0" },
    };
    const keys = [this.#link.keys.operation(id), ...records.map(({ task }) => this.#link.keys.task(task))];
    const startedAt = performance.now();
    const [outcome, handled] = await this.#link.scripts.run("operate", { args, records, keys });
    chunk.learn(handled, performance.now() - startedAt);
    return outcome;
  }

  async fail(id: string, owner: string, error: string): Promise<void> {
    await this.#end({ id, owner, state: "failed", error });
  }

  async release(id: string, owner: string): Promise<void> {
    await this.#end({ id, owner, state: "running", error: "" });
  }

  cancel(id: string): Promise<boolean> {
    return this.#end({ id, owner: "", state: "cancelled", error: "" });
  }

  async #end(args: { id: string; owner: string; state: OperationState; error: string }): Promise<boolean> {
    const keys = [this.#link.keys.operation(args.id)];
    const [outcome] = await this.#link.scripts.run("end-operation", { args, keys });
    return outcome === "done";
  }

  async #read(id: string): Promise<Held | null> {
    const hash: TaskHash = await this.#link.connection.read((client) =>
      client.hgetall(this.#link.keys.operation(id)),
    );
    if (hash.state === undefined) return null;
    const cursor: unknown = hash.cursor === undefined ? null : JSON.parse(hash.cursor);
    return { record: recordOf(id, hash), cursor, owner: hash.owner ?? "" };
  }
}

function recordOf(id: string, hash: TaskHash): OperationRecord {
  return {
    id,
    request: JSON.parse(hash.request ?? "{}") as OperationRequest,
    total: Number(hash.total),
    isTotalEstimate: hash.total_is_estimate === "1",
    done: Number(hash.done),
    skipped: Number(hash.skipped),
    failed: Number(hash.failed),
    state: hash.state as OperationState,
    error: hash.error ?? null,
    startedAt: Number(hash.started_at),
    updatedAt: Number(hash.updated_at),
    finishedAt: hash.finished_at === undefined ? null : Number(hash.finished_at),
  };
}
