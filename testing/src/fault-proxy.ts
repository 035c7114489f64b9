/**
 * A TCP proxy that puts faults around a real server.
 *
 * The nastiest fault is the cut reply: the request goes through and takes effect, and the connection ends before the
 * answer arrives. So a request (one chunk from the client) is judged when it comes in, and a doomed connection is
 * destroyed only when the server answers it, which proves that the server acted on it.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { seededRandom } from "./seeded-random.ts";

export type Faults = {
  /** Chance, 0–1, that a request takes effect but its connection is cut before the reply. */
  cutReply: number;
  /** Chance, 0–1, that a connection is cut before its request is passed on. */
  cutRequest: number;
  /** Added to every reply, ms. */
  delayMs: number;
  /** Half-open: connections look alive, but neither data nor their end gets through until this is false again. */
  isFrozen: boolean;
  /** New connections are reset at once. */
  isRefusing: boolean;
};

export type FaultStats = {
  connections: number;
  refused: number;
  requests: number;
  cutReplies: number;
  cutRequests: number;
  killed: number;
};

export type FaultProxyOptions = { targetPort: number; targetHost?: string; seed?: number };

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(options);
  await proxy.listen();
  return proxy;
}

const noFaults: Faults = { cutReply: 0, cutRequest: 0, delayMs: 0, isFrozen: false, isRefusing: false };

export class FaultProxy {
  readonly stats: FaultStats = {
    connections: 0,
    refused: 0,
    requests: 0,
    cutReplies: 0,
    cutRequests: 0,
    killed: 0,
  };
  readonly #target: { port: number; host: string };
  readonly #random: () => number;
  readonly #links = new Set<Link>();
  readonly #server = createServer((client) => this.#accept(client));
  #faults: Faults = noFaults;

  constructor({ targetPort, targetHost = "127.0.0.1", seed = 1 }: FaultProxyOptions) {
    this.#target = { port: targetPort, host: targetHost };
    this.#random = seededRandom(seed);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** Replaces the faults; those not named are off. */
  setFaults(faults: Partial<Faults>): void {
    this.#faults = { ...noFaults, ...faults };
    for (const link of this.#links) link.freeze(this.#faults.isFrozen);
  }

  /** Ends every connection now. */
  killConnections(): void {
    this.stats.killed += this.#links.size;
    for (const link of [...this.#links]) link.cut();
  }

  async close(): Promise<void> {
    for (const link of [...this.#links]) link.cut();
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#faults.isRefusing) {
      this.stats.refused += 1;
      client.resetAndDestroy();
      return;
    }
    this.stats.connections += 1;
    const link = new Link(client, connect(this.#target), {
      judge: () => this.#judge(),
      onReplyCut: () => {
        this.stats.cutReplies += 1;
      },
      delayMs: () => this.#faults.delayMs,
      onEnd: () => this.#links.delete(link),
    });
    this.#links.add(link);
    link.freeze(this.#faults.isFrozen);
  }

  #judge(): Verdict {
    this.stats.requests += 1;
    if (this.#random() < this.#faults.cutRequest) {
      this.stats.cutRequests += 1;
      return "cut_request";
    }
    return this.#random() < this.#faults.cutReply ? "cut_reply" : "pass";
  }
}

type Verdict = "pass" | "cut_request" | "cut_reply";

type LinkRules = {
  judge(): Verdict;
  onReplyCut(): void;
  delayMs(): number;
  onEnd(): void;
};

/** One client connection and its connection to the server. */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #rules: LinkRules;
  #isDoomed = false;
  #isFrozen = false;
  #isOver = false;
  /** Replies leave in the order in which they came, whatever the delay does meanwhile. */
  #delayed: Promise<void> = Promise.resolve();
  #delayedCount = 0;
  #held: Buffer[] = [];

  constructor(client: Socket, server: Socket, rules: LinkRules) {
    this.#client = client;
    this.#server = server;
    this.#rules = rules;
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on("data", (chunk) => this.#onRequest(chunk));
    server.on("data", (chunk) => this.#onReply(chunk));
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => this.#onClosed());
    }
  }

  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    if (this.#isOver) {
      if (!isFrozen) this.cut();
      return;
    }
    for (const socket of [this.#client, this.#server]) {
      if (isFrozen) socket.pause();
      else socket.resume();
    }
    if (!isFrozen) for (const chunk of this.#held.splice(0)) this.#reply(chunk);
  }

  cut(): void {
    this.#isOver = true;
    this.#client.destroy();
    this.#server.destroy();
    this.#rules.onEnd();
  }

  #onRequest(chunk: Buffer): void {
    const verdict = this.#rules.judge();
    if (verdict === "cut_request") {
      this.cut();
      return;
    }
    if (verdict === "cut_reply") this.#isDoomed = true;
    this.#server.write(chunk);
  }

  #onReply(chunk: Buffer): void {
    if (this.#isDoomed) {
      this.#rules.onReplyCut();
      this.cut();
      return;
    }
    const delayMs = this.#rules.delayMs();
    if (delayMs === 0 && this.#delayedCount === 0) this.#reply(chunk);
    else this.#replyLater(chunk, delayMs);
  }

  #replyLater(chunk: Buffer, delayMs: number): void {
    const due = new Promise<void>((resolve) => setTimeout(resolve, delayMs));
    this.#delayedCount += 1;
    this.#delayed = this.#delayed
      .then(() => due)
      .then(() => {
        this.#delayedCount -= 1;
        this.#reply(chunk);
      });
  }

  #reply(chunk: Buffer): void {
    if (this.#isFrozen) this.#held.push(chunk);
    else if (!this.#client.destroyed) this.#client.write(chunk);
  }

  /** While frozen, one side's end stays hidden from the other. */
  #onClosed(): void {
    if (this.#isFrozen) this.#isOver = true;
    else this.cut();
  }
}
