/** Which workers there are, what they run, and how they learn that a lease was revoked. */
import type { WorkerBeat, WorkerRegistry, WorkerView } from "@workstream/core";
import type { StoreLink } from "./store-link.ts";
import type { Subscriber } from "./subscriber.ts";

const keptMs = 3_600_000;

export class RedisWorkers implements WorkerRegistry {
  readonly #link: StoreLink;
  readonly #subscriber: Subscriber;

  constructor(link: StoreLink, subscriber: Subscriber) {
    this.#link = link;
    this.#subscriber = subscriber;
  }

  async beat(beat: WorkerBeat): Promise<void> {
    const { keys, scripts } = this.#link;
    const { workerId } = beat;
    await scripts.run("beat", {
      args: { workerId },
      records: Object.entries(statsOf(beat)).map(([field, value]) => ({ field, value })),
      keys: [keys.workerHeartbeat(workerId), keys.workerStats(workerId)],
    });
  }

  async leave(workerId: string): Promise<void> {
    const { keys, scripts } = this.#link;
    const declared = [keys.workerHeartbeat(workerId), keys.workerStats(workerId), keys.workerTasks(workerId)];
    await scripts.run("leave", { args: { workerId }, keys: declared });
  }

  async list(limit = 1_000): Promise<WorkerView[]> {
    const { clock, connection, keys } = this.#link;
    const now = clock.now();
    const ids = await connection.read((client) =>
      client.zrange(keys.workers, "+inf", `(${now - keptMs}`, "BYSCORE", "REV", "LIMIT", 0, limit),
    );
    const views = await Promise.all(ids.map((id) => this.#view(id, now)));
    return views.filter((view) => view !== null);
  }

  async onRevoked(workerId: string, listener: (taskIds: string[]) => void): Promise<() => Promise<void>> {
    return this.#subscriber.subscribe(this.#link.keys.workerRevoked(workerId), {
      onMessage(message) {
        const ids = readIds(message);
        if (ids.length > 0) listener(ids);
      },
      onGap() {},
    });
  }

  async #view(workerId: string, now: number): Promise<WorkerView | null> {
    const { connection, keys } = this.#link;
    const [stats, activeTaskIds] = await connection.read((client) =>
      Promise.all([client.hgetall(keys.workerStats(workerId)), client.smembers(keys.workerTasks(workerId))]),
    );
    return stats.last_seen === undefined ? null : viewOf(workerId, stats, activeTaskIds, now);
  }
}

/** None for a message that is not ours. */
function readIds(message: string): string[] {
  try {
    const ids: unknown = JSON.parse(message);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The fields of `worker:stats:{worker-id}` beside last_seen, which the script adds. */
function statsOf(beat: WorkerBeat) {
  return {
    tasks_completed: beat.completed,
    tasks_failed: beat.failed,
    hostname: beat.hostname,
    pid: beat.pid,
    version: beat.version,
    concurrency: beat.concurrency,
    high_priority_slots: beat.highPrioritySlots,
    queues: beat.queues.join(","),
    types: beat.types.join(","),
    is_draining: beat.isDraining ? 1 : 0,
    event_loop_lag_ms: beat.eventLoopLagMs,
    memory_bytes: beat.memoryBytes,
    claim_loop_age_ms: beat.claimLoopAgeMs,
  };
}

function viewOf(
  workerId: string,
  stats: Record<string, string>,
  activeTaskIds: string[],
  now: number,
): WorkerView {
  const names = (text = "") => text.split(",").filter(Boolean);
  const lastBeatAt = Number(stats.last_seen);
  return {
    workerId,
    hostname: stats.hostname ?? "",
    pid: Number(stats.pid ?? 0),
    version: stats.version ?? "",
    concurrency: Number(stats.concurrency ?? 0),
    highPrioritySlots: Number(stats.high_priority_slots ?? 0),
    queues: names(stats.queues),
    types: names(stats.types),
    isDraining: stats.is_draining === "1",
    completed: Number(stats.tasks_completed ?? 0),
    failed: Number(stats.tasks_failed ?? 0),
    eventLoopLagMs: Number(stats.event_loop_lag_ms ?? 0),
    memoryBytes: Number(stats.memory_bytes ?? 0),
    claimLoopAgeMs: Number(stats.claim_loop_age_ms ?? 0),
    lastBeatAt,
    beatAgeMs: Math.max(0, now - lastBeatAt),
    activeTaskIds: activeTaskIds.sort(),
  };
}
