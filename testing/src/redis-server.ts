/**
 * A private redis-server for tests: a free port on 127.0.0.1, an empty folder of its own, no persistence unless
 * `config` asks for it.
 *
 * No process is left behind, even when the test process is killed: beside each server runs a small shell that waits
 * for the end of a pipe that we hold, and then kills the server and removes its folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

export type RedisServerOptions = {
  /** Settings of redis.conf, for example `{ maxmemory: "4mb" }`. */
  config?: Record<string, string>;
};

const missingServer =
  "redis-server was not found. Install Redis 7 (apt-get install redis-server, brew install redis) to run these tests.";
const readyWithinMs = 10_000;

/** Starts a server and waits until it answers PING. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), "workstream-redis-"));
  for (let tries = 1; ; tries++) {
    const server = new RedisServer(await freePort(), dir, options.config ?? {});
    try {
      await server.start();
      return server;
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes("Address already in use");
      if (isTaken && tries < 5) continue;
      await server.stop();
      throw error;
    }
  }
}

/** One server through its starts. Port and folder stay the same over restarts, so what it persisted is there again. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly #dir: string;
  readonly #config: Record<string, string>;
  #process: ChildProcess | null = null;
  #watchdog: ChildProcess | null = null;

  constructor(port: number, dir: string, config: Record<string, string>) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#dir = dir;
    this.#config = config;
  }

  /** 0 while it is down. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async start(): Promise<void> {
    if (this.#process) throw new Error("This redis-server is running.");
    const server = spawn("redis-server", this.#arguments(), { stdio: "ignore" });
    const failed = new Promise<never>((_, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? new Error(missingServer) : error),
      );
      server.once("exit", () => this.#log().then((log) => reject(new Error(`redis-server ended:\n${log}`))));
    });
    failed.catch(() => {});
    if (server.pid !== undefined) {
      this.#process = server;
      this.#watchdog = watch(server.pid, this.#dir);
    }
    await Promise.race([failed, this.#ready()]);
  }

  /** A clean stop and a new start on the same port and folder; also the way back up after `kill`. */
  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    await this.start();
  }

  /** A crash: SIGKILL. It stays down until `restart`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Freezes it: connections stay open and nothing answers. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends it for good and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const server = this.#process;
    if (!server) return;
    const exited = server.exitCode === null && server.signalCode === null ? once(server, "exit") : null;
    this.resume();
    server.kill(signal);
    await exited;
    this.#process = null;
    this.#watchdog?.kill("SIGKILL");
    this.#watchdog = null;
  }

  #arguments(): string[] {
    const settings = {
      port: String(this.port),
      bind: "127.0.0.1",
      dir: this.#dir,
      save: "",
      appendonly: "no",
      logfile: join(this.#dir, "redis.log"),
      ...this.#config,
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  }

  #log(): Promise<string> {
    return readFile(join(this.#dir, "redis.log"), "utf8").catch(() => "(it left no log)");
  }

  async #ready(): Promise<void> {
    const what = `redis-server on port ${this.port} to answer PING`;
    await until(what, () => answersPing(this.port), { timeoutMs: readyWithinMs });
  }
}

function watch(pid: number, dir: string): ChildProcess {
  const script = 'read -r _; kill -9 "$1"; rm -rf "$2"';
  const watchdog = spawn("sh", ["-c", script, "sh", String(pid), dir], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.unref();
  return watchdog;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const answer = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(500, () => answer(false));
    socket.once("data", (data) => answer(data.toString().startsWith("+PONG")));
    socket.once("error", () => answer(false));
    socket.once("close", () => answer(false));
  });
}
