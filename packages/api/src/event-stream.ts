/**
 * The queue stream: one subscription to the store, and one to what happens to services, serve every reader of this
 * gateway.
 *
 * A reader starts with `initial_status`, or where its Last-Event-ID left off if the log still holds that. From then
 * on it gets what the store publishes, thinned to one flush per `flushMs`. The subscription opens with the first
 * reader and outlives the last one by the age of the log, so that a reader that comes back can resume.
 *
 * Push only makes it faster: every `resyncMs` the status is read, which repairs a lost message and notices a lost
 * store. A store that is lost, or back after messages may have been missed, voids the log.
 */
import { randomBytes } from "node:crypto";
import {
  type EventFeed,
  type QueueEvent,
  type QueueStatus,
  type ServiceEvent,
  type ServiceGuards,
  type StoreEvents,
  type TaskReading,
  toHeartbeat,
  toStatusEvent,
} from "@workstream/core";
import type { EventStreamSettings } from "./api-settings.ts";
import { EventLog } from "./event-log.ts";
import { EventThinner } from "./event-thinner.ts";
import type { StreamReader } from "./stream-reader.ts";

type StreamStores = {
  events: EventFeed;
  guards: Pick<ServiceGuards, "subscribe">;
  tasks: Pick<TaskReading, "status">;
};
type Subscription = Awaited<ReturnType<EventFeed["subscribe"]>>;

const lostMessage = "The store can't be reached. This stream goes on when it is back.";

export class EventStream {
  readonly #stores: StreamStores;
  readonly #settings: EventStreamSettings;
  readonly #log: EventLog;
  readonly #thinner: EventThinner;
  readonly #readers = new Set<StreamReader>();
  #subscription: Promise<Subscription> | null = null;
  #refresh: Promise<QueueStatus | null> | null = null;
  #restart: Promise<void> | null = null;
  #isLost = false;
  #isClosed = false;
  /** The counts as of now, and how often the feed has moved them. */
  #status: QueueStatus | null = null;
  #moves = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #heartbeatTimer: NodeJS.Timeout | null = null;
  #resyncTimer: NodeJS.Timeout | null = null;
  #lingerTimer: NodeJS.Timeout | null = null;

  constructor(stores: StreamStores, settings: EventStreamSettings) {
    this.#stores = stores;
    this.#settings = settings;
    this.#log = new EventLog(randomBytes(4).toString("hex"), settings);
    this.#thinner = new EventThinner(settings.maxTaskEvents);
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  get isFull(): boolean {
    return this.#isClosed || this.#readers.size >= this.#settings.maxReaders;
  }

  /** Serves a reader until it goes, falls behind or the stream closes. */
  async join(reader: StreamReader, lastEventId: string | null): Promise<void> {
    this.#readers.add(reader);
    reader.onClose(() => this.#leave(reader));
    this.#wake();
    const missed = lastEventId === null ? null : this.#log.since(lastEventId, Date.now());
    if (missed !== null) return this.#start(reader, missed);
    const status = await this.#readStatus();
    if (status === null) reader.write(this.#log.frame({ type: "error", message: lostMessage }));
    else if (!reader.isStarted) this.#begin(reader, status);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
    await this.#sleep();
  }

  #begin(reader: StreamReader, status: QueueStatus): void {
    if (this.#readers.size === 1) this.#thinner.show(status);
    this.#start(reader, this.#log.frame(initialStatus(status)));
  }

  #start(reader: StreamReader, frames: string): void {
    reader.isStarted = true;
    if (frames !== "") reader.write(frames);
  }

  #leave(reader: StreamReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#stopTimers();
    this.#lingerTimer = setTimeout(() => void this.#sleep(), this.#settings.maxLogAgeMs).unref();
  }

  #wake(): void {
    if (this.#lingerTimer) clearTimeout(this.#lingerTimer);
    this.#lingerTimer = null;
    this.#heartbeatTimer ??= setInterval(
      () => this.#broadcast([toHeartbeat(Date.now())]),
      this.#settings.heartbeatMs,
    );
    this.#resyncTimer ??= setInterval(() => void this.#resync(), this.#settings.resyncMs);
  }

  async #sleep(): Promise<void> {
    this.#stopTimers();
    if (this.#lingerTimer) clearTimeout(this.#lingerTimer);
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#lingerTimer = null;
    this.#flushTimer = null;
    this.#log.clear();
    const subscription = this.#subscription;
    this.#subscription = null;
    await subscription?.then((open) => open.close()).catch(() => {});
  }

  #stopTimers(): void {
    if (this.#heartbeatTimer) clearInterval(this.#heartbeatTimer);
    if (this.#resyncTimer) clearInterval(this.#resyncTimer);
    this.#heartbeatTimer = null;
    this.#resyncTimer = null;
  }

  /** The counts as of now, or null when the store can't say. Readers that ask at the same time share one answer. */
  #readStatus(): Promise<QueueStatus | null> {
    this.#refresh ??= this.#readStore().finally(() => {
      this.#refresh = null;
    });
    return this.#refresh;
  }

  async #readStore(): Promise<QueueStatus | null> {
    try {
      await this.#subscribe();
      const moves = this.#moves;
      const status = await this.#stores.tasks.status();
      // What was published meanwhile is newer than what was read.
      if (moves === this.#moves || this.#status === null) this.#status = status;
      this.#found(this.#status);
      return this.#status;
    } catch {
      this.#lost();
      return null;
    }
  }

  async #subscribe(): Promise<void> {
    this.#subscription ??= this.#subscribeToBoth();
    await this.#subscription.catch((error) => {
      this.#subscription = null;
      throw error;
    });
  }

  async #subscribeToBoth(): Promise<Subscription> {
    const onGap = () => this.#void();
    const tasks = await this.#stores.events.subscribe({ onEvents: (events) => this.#receive(events), onGap });
    try {
      const onEvent = (event: ServiceEvent) => this.#receiveService(event);
      const services = await this.#stores.guards.subscribe({ onEvent, onGap });
      return { close: async () => void (await Promise.all([tasks.close(), services.close()])) };
    } catch (error) {
      await tasks.close();
      throw error;
    }
  }

  async #resync(): Promise<void> {
    const status = await this.#readStatus();
    if (status !== null) this.#receive({ changes: [], status, at: Date.now() });
  }

  #receive(events: StoreEvents): void {
    this.#moves += 1;
    this.#status = events.status;
    this.#thinner.add(events);
    if (this.#flushTimer === null) this.#flush();
  }

  #receiveService(event: ServiceEvent): void {
    this.#thinner.addService(event);
    if (this.#flushTimer === null) this.#flush();
  }

  #flush(): void {
    const events = this.#thinner.take();
    this.#flushTimer = null;
    if (events.length === 0) return;
    this.#broadcast(events);
    this.#flushTimer = setTimeout(() => this.#flush(), this.#settings.flushMs).unref();
  }

  #lost(): void {
    if (this.#isLost || this.#isClosed) return;
    this.#isLost = true;
    this.#log.clear();
    this.#broadcast([{ type: "error", message: lostMessage }]);
  }

  /** The store answered: after an outage everyone starts over. */
  #found(status: QueueStatus): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#startOver(status);
  }

  /** Messages may have been missed. Both subscriptions tell of one gap. */
  #void(): void {
    this.#log.clear();
    this.#restart ??= this.#startOverUnlessLost().finally(() => {
      this.#restart = null;
    });
  }

  async #startOverUnlessLost(): Promise<void> {
    const wasLost = this.#isLost;
    const status = await this.#readStatus();
    if (status !== null && !wasLost) this.#startOver(status);
  }

  #startOver(status: QueueStatus): void {
    for (const reader of this.#readers) reader.isStarted = true;
    this.#thinner.show(status);
    this.#broadcast([initialStatus(status)]);
  }

  #broadcast(events: QueueEvent[]): void {
    const nowMs = Date.now();
    const frames = Buffer.from(events.map((event) => this.#log.append(event, nowMs)).join(""));
    for (const reader of this.#readers) {
      if (reader.isStarted) reader.write(frames);
    }
    this.#heartbeatTimer?.refresh();
  }
}

function initialStatus(status: QueueStatus): QueueEvent {
  return toStatusEvent("initial_status", status, Date.now());
}
