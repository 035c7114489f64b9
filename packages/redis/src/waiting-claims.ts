/**
 * A claim that waits for a wake-up token, in one round trip: BLPOP, and right behind it on the same connection the
 * script.
 *
 * What a client sends while it is blocked stays in its buffer at the server, so the script runs the moment that the token
 * comes, or the time is over. A wait that is ended takes nothing back: CLIENT UNBLOCK ends the BLPOP, and the script
 * runs at once. When a connection ends, so does what it sent and the server has not begun.
 *
 * In a Cluster two commands may be sent on to another node, each for itself, and so lose their order: there one waits
 * and then claims. So it is with an injected clock, whose instant travels with the script.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isErrorCode } from "@workstream/core";
import type { Connection } from "./connection.ts";
import type { RedisClient } from "./redis-client.ts";
import type { ScriptCall } from "./script-loader.ts";
import type { ReplyOf } from "./scripts.ts";
import type { StoreLink } from "./store-link.ts";
import { graceMs, type WaitFor, type WakeUps } from "./wake-ups.ts";

type Wait = WaitFor & { timeoutMs: number; signal: AbortSignal };
type Block = { begin(client: RedisClient): void; end(): void };
type Blocked = { connection: Connection; isOver: boolean };

/** UNBLOCK may overtake the BLPOP that it is to end, which goes another way; */
const unblockAgainMs = 5;
/** or the connection that it goes by is down, and comes back. */
const unblockAgainAwayMs = 50;

export class WaitingClaims {
  readonly #link: StoreLink;
  readonly #wakeUps: WakeUps;
  /** What the server calls each connection, until it ends. */
  readonly #clientIds = new WeakMap<Connection, Promise<number>>();

  constructor(link: StoreLink, wakeUps: WakeUps) {
    this.#link = link;
    this.#wakeUps = wakeUps;
  }

  get isPossible(): boolean {
    return !this.#link.isCluster && !this.#link.scripts.hasInjectedClock;
  }

  /** @throws as every script that changes something */
  async run(call: ScriptCall<"claim">, wait: Wait): Promise<ReplyOf<"claim">> {
    const { scripts } = this.#link;
    if (wait.signal.aborted || wait.timeoutMs <= 0) return scripts.run("claim", call);
    const connection = this.#wakeUps.lend();
    try {
      await connection.open(wait.timeoutMs + graceMs);
      if (wait.signal.aborted) return await scripts.run("claim", call);
      const { begin, end } = this.#block(connection, wait);
      try {
        return await scripts.run("claim", call, { connection, before: begin });
      } finally {
        end();
      }
    } finally {
      this.#wakeUps.takeBack(connection);
    }
  }

  /** The wait: what begins it on the connection, and what is to be done when it is over. */
  #block(connection: Connection, { queues, lane, timeoutMs, signal }: Wait): Block {
    const { keys } = this.#link;
    const blocked: Blocked = { connection, isOver: false };
    const overdue = setTimeout(() => {
      // After a blocked event loop the answer may be here and unread.
      setImmediate(() => blocked.isOver || connection.rebuild());
    }, timeoutMs + graceMs);
    const onAbort = () => void this.#unblock(blocked);
    signal.addEventListener("abort", onAbort);
    return {
      begin: (client) => {
        this.#learnId(connection);
        const lists = queues.map((queue) => keys.wakeupOf(queue, lane));
        // Whatever becomes of it the claim follows, and has an outcome of its own.
        client.blpop(lists, Math.max(timeoutMs, 1) / 1_000).catch(() => {});
      },
      end: () => {
        blocked.isOver = true;
        clearTimeout(overdue);
        signal.removeEventListener("abort", onAbort);
      },
    };
  }

  #learnId(connection: Connection): void {
    if (this.#clientIds.has(connection)) return;
    const { client } = connection;
    const clientId = client.client("ID") as Promise<number>;
    clientId.catch(() => {});
    this.#clientIds.set(connection, clientId);
    client.once("close", () => this.#clientIds.delete(connection));
  }

  /** Where it may not be, the wait runs out by itself: it lasts two seconds at most. */
  async #unblock(blocked: Blocked): Promise<void> {
    const clientId = await this.#clientIds.get(blocked.connection)?.catch(() => undefined);
    while (!blocked.isOver && clientId !== undefined) {
      const { connection } = this.#link;
      const unblocked = await connection
        .read((client) => client.client("UNBLOCK", clientId))
        .catch(asFailure);
      if (unblocked === 1 || unblocked === "refused") return;
      await sleep(unblocked === "away" ? unblockAgainAwayMs : unblockAgainMs);
    }
  }
}

function asFailure(error: unknown): "away" | "refused" {
  return isErrorCode(error, "store_unavailable") ? "away" : "refused";
}
