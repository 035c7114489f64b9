/**
 * One connection for all subscriptions: the event feed, the workers' revocations, what tasks say and services do.
 *
 * It comes back by itself, subscribes again, and tells every listener of the gap. It only listens, so a socket that went
 * silent would never be noticed: it is asked for a PING every few seconds, and rebuilt when none comes back.
 */
import type { Redis } from "ioredis";
import { Connection, type ConnectionSettings } from "./connection.ts";

export type ChannelListener = { onMessage(message: string): void; onGap(): void };

/** `subscribed` is what a second listener waits for too. */
type Channel = { listeners: Set<ChannelListener>; subscribed: Promise<unknown> };

const pingEveryMs = 3_000;
const openTimeoutMs = 4_000;

export class Subscriber {
  readonly #connection: Connection;
  readonly #client: Redis;
  readonly #channels = new Map<string, Channel>();
  #ping: NodeJS.Timeout | undefined;
  #hasBeenReady = false;

  constructor(client: Redis, settings: ConnectionSettings) {
    this.#client = client;
    this.#connection = new Connection(client, settings);
    client.on("message", (channel: string, message: string) => this.#dispatch(channel, message));
    client.on("ready", () => this.#onReady());
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** The answer unsubscribes. @throws store_unavailable */
  async subscribe(channel: string, listener: ChannelListener): Promise<() => Promise<void>> {
    await this.#connection.open(openTimeoutMs);
    const known = this.#channels.get(channel);
    const { listeners, subscribed } = known ?? this.#open(channel);
    listeners.add(listener);
    try {
      await subscribed;
    } catch (error) {
      this.#forget(channel, listener);
      throw error;
    }
    return () => this.#unsubscribe(channel, listener);
  }

  close(): void {
    clearInterval(this.#ping);
    this.#channels.clear();
    this.#connection.close();
  }

  #open(channel: string): Channel {
    const subscribed = this.#connection.read(() => this.#client.subscribe(channel));
    const opened: Channel = { listeners: new Set(), subscribed };
    this.#channels.set(channel, opened);
    return opened;
  }

  #dispatch(channel: string, message: string): void {
    for (const listener of this.#channels.get(channel)?.listeners ?? []) listener.onMessage(message);
  }

  #onReady(): void {
    clearInterval(this.#ping);
    this.#ping = setInterval(() => this.#check(), pingEveryMs);
    this.#ping.unref();
    if (this.#hasBeenReady) this.#resubscribe();
    this.#hasBeenReady = true;
  }

  #check(): void {
    this.#connection.read((client) => client.ping()).catch(() => {});
  }

  /** Those who subscribed are told of the gap only once they are subscribed again. */
  async #resubscribe(): Promise<void> {
    const channels = [...this.#channels.keys()];
    if (channels.length === 0) return;
    try {
      await this.#connection.read(() => this.#client.subscribe(...channels));
    } catch {
      this.#connection.rebuild();
      return;
    }
    for (const { listeners } of this.#channels.values()) {
      for (const listener of listeners) listener.onGap();
    }
  }

  #forget(channel: string, listener: ChannelListener): boolean {
    const listeners = this.#channels.get(channel)?.listeners;
    listeners?.delete(listener);
    if (!listeners || listeners.size > 0) return false;
    return this.#channels.delete(channel);
  }

  async #unsubscribe(channel: string, listener: ChannelListener): Promise<void> {
    if (!this.#forget(channel, listener) || !this.#connection.isReady) return;
    await this.#connection.read(() => this.#client.unsubscribe(channel)).catch(() => {});
  }
}
