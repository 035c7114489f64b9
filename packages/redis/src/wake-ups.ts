/**
 * Waiting for wake-up tokens with BLPOP, on connections of their own.
 *
 * A wait that is aborted can't take its BLPOP back: cutting the connection could lose a token that was just popped, and
 * would cost a new connection each time. So the BLPOP is left to run out (2 s at most). The next wait for the same queues
 * adopts it; a token that it pops with nobody listening is pushed again.
 *
 * A frozen server answers nothing, not even the end of the time asked for: a little past it the connection is rebuilt.
 */
import { isErrorCode, WorkstreamError } from "@workstream/core";
import type { Connection } from "./connection.ts";
import type { StoreLink } from "./store-link.ts";

/** Queues, or the given lane of them. */
export type WaitFor = { queues: readonly string[]; lane?: "high" | undefined };

type Wait = { lists: string; connection: Connection; isHeard: boolean; popped: Promise<string | null> };

/** How long an answer may be overdue before the connection is rebuilt, and how long beyond its wait a new one may take to be ready. */
export const graceMs = 1_000;
/** From giving a connection up to its end. */
const rebuildMs = 1_000;
const maxAbandoned = 4;

export class WakeUps {
  readonly #link: StoreLink;
  readonly #connect: () => Connection;
  readonly #connections: Connection[] = [];
  readonly #idle: Connection[] = [];
  readonly #running = new Set<Wait>();

  constructor(link: StoreLink, connect: () => Connection) {
    this.#link = link;
    this.#connect = connect;
  }

  get connections(): readonly Connection[] {
    return this.#connections;
  }

  /** A connection to block on, for one who gives it back when nothing is blocked on it any more. */
  lend(): Connection {
    return this.#idle.pop() ?? this.#newConnection();
  }

  takeBack(connection: Connection): void {
    this.#idle.push(connection);
  }

  /** @throws store_unavailable */
  async wait(what: WaitFor, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || what.queues.length === 0 || timeoutMs <= 0) return;
    const adopted = this.#adopt(what);
    const wait = adopted ?? this.#begin(what, timeoutMs);
    wait.isHeard = true;
    try {
      await settledOrOver(wait.popped, adopted ? timeoutMs : timeoutMs + graceMs + rebuildMs, signal);
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      wait.isHeard = false;
      this.#limitAbandoned();
    }
  }

  #adopt(what: WaitFor): Wait | undefined {
    const wanted = this.#listsOf(what).join(",");
    return [...this.#running].find((wait) => !wait.isHeard && wait.lists === wanted);
  }

  #begin(what: WaitFor, timeoutMs: number): Wait {
    const connection = this.lend();
    const popped = this.#pop(connection, what, timeoutMs);
    const wait: Wait = { lists: this.#listsOf(what).join(","), connection, isHeard: true, popped };
    this.#running.add(wait);
    // At once, before whoever listens goes on: the next wait must not adopt one that is over.
    const end = () => {
      this.#running.delete(wait);
      this.takeBack(connection);
    };
    popped.then(end, end);
    popped.then((queue) => this.#giveBackUnheard(wait, queue, what.lane)).catch(() => {});
    return wait;
  }

  #listsOf({ queues, lane }: WaitFor): string[] {
    return queues.map((queue) => this.#link.keys.wakeupOf(queue, lane));
  }

  /** Answers with the queue whose token was popped, or null when the time was over. */
  async #pop(connection: Connection, what: WaitFor, timeoutMs: number): Promise<string | null> {
    await connection.open(timeoutMs + graceMs);
    const keys = this.#listsOf(what);
    const deadline = setTimeout(() => {
      // After a blocked event loop the answer may be here and unread.
      setImmediate(() => isOver || connection.rebuild());
    }, timeoutMs + graceMs);
    let isOver = false;
    try {
      const seconds = Math.max(timeoutMs, 1) / 1_000;
      const popped = await connection.read((client) => client.blpop(keys, seconds));
      return popped ? (what.queues[keys.indexOf(popped[0])] ?? null) : null;
    } finally {
      isOver = true;
      clearTimeout(deadline);
    }
  }

  async #giveBackUnheard(wait: Wait, queue: string | null, lane: WaitFor["lane"]): Promise<void> {
    if (queue !== null && !wait.isHeard) {
      await this.#link.scripts.run("wake", { args: { queue, lane: lane ?? "" } });
    }
  }

  #newConnection(): Connection {
    const connection = this.#connect();
    this.#connections.push(connection);
    return connection;
  }

  #limitAbandoned(): void {
    const abandoned = [...this.#running].filter((wait) => !wait.isHeard);
    if (abandoned.length > maxAbandoned) abandoned[0]?.connection.rebuild();
  }
}

/** Resolves when `popped` does, when the time is over, or at the signal; rejects only as `popped` does. */
function settledOrOver(popped: Promise<unknown>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onAbort = () => end();
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener("abort", onAbort);
    popped.then(() => end(), end);
  });
}

function asUnavailable(error: unknown): WorkstreamError {
  if (isErrorCode(error, "store_unavailable")) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkstreamError("store_unavailable", `Waiting for work failed: ${reason}`, { cause: error });
}
