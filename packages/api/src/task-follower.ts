/**
 * Everything that one gateway does for the readers of one task: one subscription to its output, one watch on its
 * changes, and one read of the store for all of them at a time.
 *
 * What is pushed is only a reason to look, but for output in the midst of an attempt, which goes out as it comes. A look
 * reads the task and the output after the reader who is furthest behind, and tells each reader what it has not been
 * told, so that nothing is told twice or left out whatever push does. Progress is not pushed: a running task is looked at
 * every `progressMs`.
 */
import {
  type OutputEntry,
  stateLetters,
  type TaskEvent,
  type TaskOutputs,
  type TaskReading,
  toHeartbeat,
  toInstant,
  toOutputEvent,
} from "@workstream/core";
import type { StreamReader } from "./stream-reader.ts";
import { formatCursor, type TaskCursor } from "./task-cursor.ts";
import { newsOf, type TaskNews, type TaskReadings } from "./task-news.ts";
import type { TaskWatches } from "./task-watches.ts";

export type FollowerStores = { tasks: Pick<TaskReading, "get">; outputs: TaskOutputs };
export type FollowerSettings = { heartbeatMs: number; progressMs: number };

/** `progress`: as last told. `isTold`: that the store is lost. */
type Place = { reader: StreamReader; cursor: TaskCursor; progress: string | null; isTold: boolean };
type Closable = { close(): Promise<void> };

const lostMessage = "The store can't be reached. This stream goes on when it is back.";

export class TaskFollower {
  readonly #taskId: string;
  readonly #stores: FollowerStores;
  readonly #settings: FollowerSettings;
  readonly #places = new Map<StreamReader, Place>();
  #open: Closable[] = [];
  #isClosed = false;
  #looking: Promise<void> | null = null;
  #mustLookAgain = false;
  #lookTimer: NodeJS.Timeout | null = null;
  #heartbeatTimer: NodeJS.Timeout | null = null;

  constructor(taskId: string, stores: FollowerStores, settings: FollowerSettings) {
    this.#taskId = taskId;
    this.#stores = stores;
    this.#settings = settings;
  }

  get readerCount(): number {
    return this.#places.size;
  }

  /** Subscribes; nothing is read before. @throws store_unavailable */
  async open(watches: TaskWatches): Promise<void> {
    this.#open.push(await watches.watch(this.#taskId, () => this.#look()));
    const onEntries = (entries: OutputEntry[]) => this.#receive(entries);
    const subscription = await this.#stores.outputs.subscribe(this.#taskId, {
      onEntries,
      onGap: () => this.#look(),
    });
    this.#open.push(subscription);
    this.#heartbeatTimer = setInterval(() => this.#beat(), this.#settings.heartbeatMs).unref();
  }

  add(reader: StreamReader, cursor: TaskCursor): void {
    this.#places.set(reader, { reader, cursor, progress: null, isTold: false });
    this.#look();
  }

  remove(reader: StreamReader): void {
    this.#places.delete(reader);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#lookTimer) clearTimeout(this.#lookTimer);
    if (this.#heartbeatTimer) clearInterval(this.#heartbeatTimer);
    for (const reader of this.#places.keys()) reader.end();
    this.#places.clear();
    await Promise.all(this.#open.splice(0).map((open) => open.close().catch(() => {})));
  }

  /** One look at a time; what is pushed meanwhile is a reason for another. */
  #look(): void {
    if (this.#isClosed || this.#places.size === 0) return;
    this.#mustLookAgain = true;
    this.#looking ??= this.#lookWhileNeeded().finally(() => {
      this.#looking = null;
      if (this.#mustLookAgain) this.#look();
    });
  }

  async #lookWhileNeeded(): Promise<void> {
    if (this.#lookTimer) clearTimeout(this.#lookTimer);
    this.#lookTimer = null;
    while (this.#mustLookAgain && !this.#isClosed && this.#places.size > 0) {
      this.#mustLookAgain = false;
      try {
        await this.#lookOnce();
      } catch {
        this.#tellLost();
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const behind = Math.min(...[...this.#places.values()].map(({ cursor }) => cursor.output));
    const task = await this.#stores.tasks.get(this.#taskId);
    if (task === null) return this.#tellDeleted();
    // After the task, so that the output of a task that has ended is complete.
    const outputs = await this.#stores.outputs.read(this.#taskId, behind);
    for (const place of this.#places.values()) {
      // Whoever came while this was read is behind of what was read.
      if (place.cursor.output < behind) this.#mustLookAgain = true;
      else this.#tell(place, { task, outputs });
    }
    if (task.state === "ACTIVE" && !this.#isClosed) {
      this.#lookTimer ??= setTimeout(() => this.#look(), this.#settings.progressMs).unref();
    }
  }

  #tell(place: Place, readings: TaskReadings): void {
    place.isTold = false;
    const news = newsOf(readings, place.cursor, place.progress);
    if (news.length === 0) return;
    this.#write(place, news);
    place.progress = readings.task.progress;
    if (place.cursor.isEnd) this.#end(place.reader);
  }

  #write(place: Place, news: readonly TaskNews[]): void {
    place.cursor = news.at(-1)?.cursor ?? place.cursor;
    place.reader.write(news.map(({ event, cursor }) => frame(event, cursor)).join(""));
    this.#heartbeatTimer?.refresh();
  }

  #end(reader: StreamReader): void {
    this.#places.delete(reader);
    reader.end();
  }

  #tellDeleted(): void {
    const event = { type: "deleted", task_id: this.#taskId, timestamp: toInstant(Date.now()) } as const;
    for (const place of this.#places.values()) {
      this.#write(place, [{ event, cursor: { ...place.cursor, isEnd: true } }]);
      this.#end(place.reader);
    }
  }

  /** Output that follows what a reader of a running attempt has goes out at once; anything else needs a look. */
  #receive(entries: readonly OutputEntry[]): void {
    const isReset = entries.some(({ kind }) => kind === "reset");
    for (const place of this.#places.values()) {
      const fresh = entries.filter(({ number }) => number > place.cursor.output);
      if (fresh.length === 0) continue;
      const isNext = fresh[0]?.number === place.cursor.output + 1;
      if (isReset || !isNext || !isRunning(place.cursor)) this.#look();
      else
        this.#write(
          place,
          fresh.map((entry) => outputNews(entry, place.cursor)),
        );
    }
  }

  /** The watch comes again in a few seconds, and another look with it. */
  #tellLost(): void {
    this.#mustLookAgain = false;
    for (const place of this.#places.values()) {
      if (place.isTold) continue;
      place.isTold = true;
      place.reader.write(frame({ type: "error", message: lostMessage }, place.cursor));
    }
  }

  #beat(): void {
    const event = toHeartbeat(Date.now());
    for (const { reader, cursor } of this.#places.values()) reader.write(frame(event, cursor));
  }
}

function isRunning({ lastState }: TaskCursor): boolean {
  return lastState.startsWith(stateLetters.ACTIVE);
}

function outputNews(entry: OutputEntry, cursor: TaskCursor): TaskNews {
  return { event: toOutputEvent(entry), cursor: { ...cursor, output: entry.number } };
}

function frame(event: TaskEvent, cursor: TaskCursor): string {
  return `id: ${formatCursor(cursor)}\ndata: ${JSON.stringify(event)}\n\n`;
}
