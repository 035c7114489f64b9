import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/**
 * Counts the scripts that a Redis runs: all, and those that touch a service's breaker. By MONITOR on a socket of its own:
 * a client library takes what a busy server says there for answers.
 */
export class ScriptCounter {
  all = 0;
  ofGuards = 0;
  readonly #socket: Socket;

  static async watch(url: string, service = "openrouter"): Promise<ScriptCounter> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const counter = new ScriptCounter(socket, `circuit_breaker:${service}"`);
    await once(socket, "connect");
    socket.write("MONITOR\r\n");
    return counter;
  }

  private constructor(socket: Socket, guardKey: string) {
    this.#socket = socket;
    createInterface({ input: socket }).on("line", (line) => {
      // `1795451692.57 [0 127.0.0.1:48526] "fcall" "name" "2" "key" …`; what scripts do is said of `lua`.
      if (!/^\+[\d.]+ \[\d+ [^l][^\]]*\] "(eval(sha)?|fcall)"/i.test(line)) return;
      this.all += 1;
      if (line.includes(guardKey)) this.ofGuards += 1;
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
