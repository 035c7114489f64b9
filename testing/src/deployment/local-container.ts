/**
 * A process that stands for a container: an image's command under an ordinary user who owns nothing but a folder for
 * temporary files. Started by root it becomes that user; started by anybody else it stays who it is.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync } from "node:fs";
import { type BuiltImage, folderOf, localEnvironment, ownEnvironment } from "./build-images.ts";

const ordinaryUser = 10_001;
export const isRoot = process.getuid?.() === 0;

export type ContainerOptions = {
  image: BuiltImage;
  command?: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Made, and given to the user: what tmpfs is to a container. */
  tmp: string;
};

export class LocalContainer {
  output = "";
  readonly process: ChildProcess;
  readonly #cwd: string;
  readonly #env: Record<string, string>;

  constructor({ image, command = image.cmd, env, tmp }: ContainerOptions) {
    mkdirSync(tmp, { recursive: true });
    if (isRoot) chownSync(tmp, ordinaryUser, ordinaryUser);
    this.#cwd = folderOf(image);
    this.#env = {
      PATH: ownEnvironment().PATH ?? "",
      HOME: "/nonexistent",
      TMPDIR: tmp,
      ...localEnvironment(image),
      ...env,
    };
    const [file = "", ...args] = asOrdinaryUser([...image.entrypoint, ...command]);
    // A group of its own, so that nginx's workers, too, can be ended by SIGKILL.
    this.process = spawn(file, args, {
      detached: true,
      cwd: this.#cwd,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk) => (this.output += chunk));
    this.process.stderr?.on("data", (chunk) => (this.output += chunk));
    this.process.on("error", (error) => (this.output += error.message));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Runs a command as `docker exec` would, to its end. */
  run(command: readonly string[]): { status: number | null; output: string } {
    const [file = "", ...args] = asOrdinaryUser(command);
    const { status, stdout, stderr } = spawnSync(file, args, {
      cwd: this.#cwd,
      env: this.#env,
      encoding: "utf8",
    });
    return { status, output: `${stdout}${stderr}` };
  }

  /** Sends a signal and waits for the end. Answers with the exit code, null when the signal ended it. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.isRunning) {
      const exited = once(this.process, "exit");
      if (signal === "SIGKILL" && this.pid > 0) process.kill(-this.pid, signal);
      else this.process.kill(signal);
      await exited;
    }
    return this.process.exitCode;
  }
}

function asOrdinaryUser(command: readonly string[]): string[] {
  if (!isRoot) return [...command];
  const user = [`--reuid=${ordinaryUser}`, `--regid=${ordinaryUser}`, "--clear-groups"];
  return ["setpriv", ...user, "--no-new-privs", "--bounding-set=-all", ...command];
}
