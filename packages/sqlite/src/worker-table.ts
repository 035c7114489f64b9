import type { WorkerBeat } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

/** Beats are forgotten after a day; until then they are a lost worker's last words. */
const keptMs = 24 * 3_600_000;

export type StoredBeat = { beat: WorkerBeat; lastBeatAt: number };

/** The last beat of every worker. */
export class WorkerTable {
  readonly #set: Statement;
  readonly #remove: Statement;
  readonly #find: Statement;
  readonly #list: Statement;
  readonly #prune: Statement;
  readonly #clear: Statement;

  constructor({ prepare }: Connection) {
    this.#set = prepare("INSERT OR REPLACE INTO workers (worker_id, last_beat_at, beat) VALUES (?, ?, ?)");
    this.#remove = prepare("DELETE FROM workers WHERE worker_id = ?");
    this.#find = prepare("SELECT last_beat_at, beat FROM workers WHERE worker_id = ?");
    this.#list = prepare(
      "SELECT last_beat_at, beat FROM workers WHERE last_beat_at >= ? ORDER BY worker_id LIMIT ?",
    );
    this.#prune = prepare("DELETE FROM workers WHERE last_beat_at < ?");
    this.#clear = prepare("DELETE FROM workers");
  }

  set(beat: WorkerBeat, now: number): void {
    this.#set.run(beat.workerId, now, JSON.stringify(beat));
  }

  remove(workerId: string): void {
    this.#remove.run(workerId);
  }

  listSince(since: number, limit: number): StoredBeat[] {
    return this.#list
      .all<[number, string]>(since, limit)
      .map(([lastBeatAt, beat]) => ({ lastBeatAt, beat: JSON.parse(beat) as WorkerBeat }));
  }

  /** The sentence about a lost worker's last beat, with a space before it; empty when there was none. */
  lastWords(workerId: string): string {
    const row = this.#find.first<[number, string]>(workerId);
    if (!row) return "";
    const { memoryBytes, eventLoopLagMs } = JSON.parse(row[1]) as WorkerBeat;
    const seenAt = new Date(row[0]).toISOString();
    const megabytes = Math.round(memoryBytes / (1024 * 1024));
    return ` It was last seen at ${seenAt}, with ${megabytes} MB of memory and ${Math.round(eventLoopLagMs)} ms of event-loop lag.`;
  }

  prune(now: number): void {
    this.#prune.run(now - keptMs);
  }

  /** For the moment of opening: the file serves one process, so every worker in it is dead. */
  clear(): void {
    this.#clear.run();
  }
}
