import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** `sent`: by clients, a script as one. `scripts`: of these, calls of scripts. `inScripts`: what scripts did. */
export type TrafficCounts = { sent: number; scripts: number; inScripts: number };

/**
 * Counts the commands that a Redis runs, by MONITOR on a socket of its own: a client library takes what a busy server says
 * there for answers.
 */
export class RedisTraffic {
  readonly #socket: Socket;
  readonly #ends = new Map<string, () => void>();
  #counts: TrafficCounts = { sent: 0, scripts: 0, inScripts: 0 };

  static async watch(url: string): Promise<RedisTraffic> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const traffic = new RedisTraffic(socket);
    const begun = once(socket, "data");
    socket.write("MONITOR\r\n");
    await begun;
    return traffic;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on("line", (line) => this.#note(line));
  }

  /** What ran since the last look. `mark` sends a command that no one else sends, through `send`, and waits to see it. */
  async take(send: (mark: string) => Promise<unknown>): Promise<TrafficCounts> {
    const mark = `mark-${Math.random().toString(36).slice(2)}`;
    const seen = new Promise<void>((resolve) => this.#ends.set(mark, resolve));
    await send(mark);
    await seen;
    const counts = this.#counts;
    this.#counts = { sent: 0, scripts: 0, inScripts: 0 };
    return counts;
  }

  close(): void {
    this.#socket.destroy();
  }

  #note(line: string): void {
    // `1795451692.57 [0 127.0.0.1:48526] "fcall" "name" "2" "key" …`; what scripts do is said of `lua`.
    const match = /^\+[\d.]+ \[\d+ (lua|[^\]]+)\] "([^"]+)"/.exec(line);
    if (match === null) return;
    if (this.#isMark(line)) return;
    if (match[1] === "lua") this.#counts.inScripts += 1;
    else this.#counts.sent += 1;
    if (match[1] !== "lua" && /^(eval(sha)?|fcall)$/i.test(match[2] ?? "")) this.#counts.scripts += 1;
  }

  #isMark(line: string): boolean {
    for (const [mark, resolve] of this.#ends) {
      if (!line.includes(mark)) continue;
      this.#ends.delete(mark);
      resolve();
      return true;
    }
    return false;
  }
}
