/**
 * One connection, and what became of each command on it.
 *
 * A command has three outcomes: done, refused, unknown. It was surely not done when it was never written, or when Redis
 * says so; it may have been done when it was written and no answer came, and a read may then simply be repeated.
 * A socket can stay open though nobody answers (a frozen server, a network that swallows packets), and such a socket
 * never recovers by itself: when a command waits too long the connection is torn down and built anew.
 */
import { once } from "node:events";
import type { WorkstreamError } from "@workstream/core";
import type { RedisClient } from "./redis-client.ts";
import { type CommandKind, storeError, unansweredError, unreachableError } from "./store-errors.ts";

export type ConnectionLogger = { warn(details: Record<string, unknown>, message: string): void };

export type ConnectionSettings = {
  /** For messages: where this connection leads. */
  where: string;
  /** How long a command may take, ms. */
  commandTimeoutMs: number;
  logger?: ConnectionLogger | undefined;
};

type Pending = { sentAt: number; fail(error: Error): void };

export class Connection {
  readonly client: RedisClient;
  readonly #settings: ConnectionSettings;
  readonly #pending = new Set<Pending>();
  readonly #watch: NodeJS.Timeout;
  #lastFault = "";
  #reconnects = -1;
  #timeouts = 0;
  /** When it was last anything but halfway through a handshake. */
  #greetedAt = performance.now();

  constructor(client: RedisClient, settings: ConnectionSettings) {
    this.client = client;
    this.#settings = settings;
    this.#watch = setInterval(() => this.#findStale(), Math.max(settings.commandTimeoutMs / 10, 10));
    this.#watch.unref();
    client.on("error", (error: Error) => this.#onFault(error));
    client.on("ready", () => this.#onReady());
  }

  get isReady(): boolean {
    return this.client.status === "ready";
  }

  get stats(): { status: string; pending: number; reconnects: number; timeouts: number } {
    return {
      status: this.client.status,
      pending: this.#pending.size,
      reconnects: Math.max(this.#reconnects, 0),
      timeouts: this.#timeouts,
    };
  }

  /** @throws store_unavailable when it is not ready within `timeoutMs` */
  async open(timeoutMs: number): Promise<void> {
    if (this.isReady) return;
    if (this.client.status === "wait") this.client.connect().catch(() => {});
    const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
    await once(this.client, "ready", { signal }).catch(() => {
      throw this.#unreachable();
    });
  }

  /** Sends a command that changes something. @throws store_unavailable · outcome_unknown · store_full */
  write<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    return this.#send("write", send);
  }

  /** Sends a command that changes nothing. @throws store_unavailable */
  read<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    return this.#send("read", send);
  }

  /** Tears the connection down; it comes back by itself. */
  rebuild(): void {
    if (this.isReady) this.client.disconnect(true);
  }

  close(): void {
    clearInterval(this.#watch);
    this.client.disconnect();
    for (const { fail } of this.#pending) fail(new Error("Connection is closed."));
  }

  /** One promise and no more: what each command awaits, a short task waits for. */
  #send<T>(kind: CommandKind, send: (client: RedisClient) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.isReady) throw this.#unreachable();
      const fail = (error: unknown) => {
        this.#pending.delete(pending);
        reject(storeError(error, kind, this.#settings.where));
      };
      const pending: Pending = { sentAt: performance.now(), fail };
      const sent = send(this.client);
      this.#pending.add(pending);
      sent.then((answer) => {
        this.#pending.delete(pending);
        resolve(answer);
      }, fail);
    });
  }

  #findStale(): void {
    this.#findStaleHandshake();
    if (!this.#isStale()) return;
    // After a blocked event loop the answers may be here and unread: look again once they have been read.
    setImmediate(() => {
      if (this.#isStale()) this.#giveUp();
    });
  }

  /** The socket opened, but the server does not greet: a frozen server accepts connections too. */
  #findStaleHandshake(): void {
    if (this.client.status !== "connect") this.#greetedAt = performance.now();
    else if (performance.now() - this.#greetedAt > this.#settings.commandTimeoutMs)
      this.client.disconnect(true);
  }

  #isStale(): boolean {
    const [oldest] = this.#pending;
    return oldest !== undefined && performance.now() - oldest.sentAt > this.#settings.commandTimeoutMs;
  }

  #giveUp(): void {
    this.#timeouts += 1;
    this.#warn(
      `${this.#settings.where} did not answer within ${this.#settings.commandTimeoutMs} ms; reconnecting.`,
    );
    for (const { fail } of this.#pending) fail(unansweredError());
    this.#pending.clear();
    this.rebuild();
  }

  #onFault(error: Error): void {
    const fault = error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
    // The first of an outage is told, not each of the many attempts to come back.
    if (this.#lastFault === "") this.#warn(`Redis at ${this.#settings.where}: ${fault}`);
    this.#lastFault = fault.replace(/\.$/, "");
  }

  #onReady(): void {
    this.#reconnects += 1;
    if (this.#lastFault !== "") this.#warn(`Connected to Redis at ${this.#settings.where} again.`);
    this.#lastFault = "";
  }

  #warn(message: string): void {
    this.#settings.logger?.warn({ redis: this.#settings.where }, message);
  }

  #unreachable(): WorkstreamError {
    return unreachableError(this.#settings.where, this.#lastFault);
  }
}
