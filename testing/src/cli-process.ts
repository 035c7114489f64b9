/**
 * Runs the built program as a process of its own, the way its users do. scripts/build-before-tests.mjs keeps the build current.
 *
 * Each run gets an environment without any setting of ours but the ones given, so a developer's own .env or exported
 * variables change no test, and no dashboard unless the test wants one: a checkout may have it built. Nothing is left behind: `stopAll` kills what still runs.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type CliOptions = {
  /** Settings for this run. */
  env?: Record<string, string>;
  /** The working directory: an empty folder keeps .env files away. */
  cwd: string;
  /** Written to standard input, which is then closed. */
  input?: string;
};

export type CliResult = { code: number | null; stdout: string; stderr: string };

const program = fileURLToPath(new URL("../../dist/lib/cli.js", import.meta.url));
const kept = ["PATH", "HOME", "TMPDIR", "LANG"];
const running = new Set<CliProcess>();

/** Runs one command to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const cli = startCli(args, options);
  const code = await cli.exited;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
}

/** Starts a command that stays, such as `up`. */
export function startCli(args: readonly string[], options: CliOptions): CliProcess {
  const cli = new CliProcess(args, options);
  running.add(cli);
  return cli;
}

export async function stopAll(): Promise<void> {
  for (const cli of running) cli.kill("SIGKILL");
  await Promise.all([...running].map(({ exited }) => exited));
  running.clear();
}

export class CliProcess {
  stdout = "";
  stderr = "";
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], { env = {}, cwd, input }: CliOptions) {
    const inherited = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
    this.#child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { ...inherited, DASHBOARD: "off", ...env },
      stdio: "pipe",
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#child.stdin?.on("error", () => {});
    this.#child.stdin?.end(input ?? "");
    this.exited = once(this.#child, "close").then(([code]) => code as number | null);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the first match in what it prints; rejects when it ends without one. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    const look = () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
    const found = new Promise<RegExpExecArray>((resolve) => {
      const check = () => {
        const match = look();
        if (match) resolve(match);
      };
      check();
      this.#child.stdout?.on("data", check);
      this.#child.stderr?.on("data", check);
    });
    const ended = this.exited.then((code) => {
      const match = look();
      if (match) return match;
      throw new Error(`It ended with ${code} and never printed ${pattern}:\n${this.stdout}\n${this.stderr}`);
    });
    return Promise.race([found, ended]);
  }
}
