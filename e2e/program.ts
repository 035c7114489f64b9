/** Starts the built program as a user would, as processes of their own, and ends exactly those. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "@workstream/testing";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const programFile = join(root, "dist/lib/cli.js");
export const probeModule = join(root, "e2e/modules/probe-tasks.mjs");

export type ProgramOptions = { args: string[]; env?: Record<string, string>; cwd?: string; file?: string };

/** One process of the program, with everything it printed. */
export class Program {
  output = "";
  readonly process: ChildProcess;

  constructor({ args, env = {}, cwd = tmpdir(), file = programFile }: ProgramOptions) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build".`);
    const { PATH, HOME } = process.env;
    this.process = spawn(process.execPath, [file, ...args], {
      cwd,
      env: { PATH, HOME, LOG_LEVEL: "warn", DASHBOARD: "off", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk) => (this.output += chunk));
    this.process.stderr?.on("data", (chunk) => (this.output += chunk));
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends a signal and waits for the end. Answers with the exit code, null when the signal ended it. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.isRunning) {
      const exited = once(this.process, "exit");
      this.process.kill(signal);
      await exited;
    }
    return this.process.exitCode;
  }

  async exited(): Promise<number | null> {
    if (this.isRunning) await once(this.process, "exit");
    return this.process.exitCode;
  }
}

/** Keeps track of what a test started, so that all of it ends with the test. */
export class Stage {
  readonly #programs = new Set<Program>();
  readonly #folders: string[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  start(options: ProgramOptions): Program {
    const program = new Program(options);
    this.#programs.add(program);
    return program;
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "workstream-e2e-"));
    this.#folders.push(folder);
    return folder;
  }

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.end("SIGKILL")));
    for (const close of this.#closers.reverse()) await close();
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Waits until a gateway accepts tasks. */
export async function gatewayReady(url: string, program: Program): Promise<void> {
  await until(
    `${url}/ready`,
    async () => {
      if (!program.isRunning) throw new Error(`The program ended:\n${program.output}`);
      return (await fetch(`${url}/ready`).catch(() => null))?.ok;
    },
    { timeoutMs: 20_000, everyMs: 50 },
  );
}
