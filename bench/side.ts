/** The harness's end of a measured process. */
import { type ChildProcess, fork } from "node:child_process";

/** Bundled, as the program is (scripts/build-sides.mjs): what runs from its sources is up to a tenth slower. */
const built = new URL("../.build/bench/lib/", import.meta.url);

export type Verbs = Record<string, (argument: never) => unknown>;
type Reply = { id: number; answer?: unknown; error?: string };
type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };

/** A process that runs one file of sides/, built, and answers its verbs (serve.ts). */
export class Side<V extends Verbs> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(name: string, settings: unknown) {
    this.#child = fork(new URL(`${name}.js`, built), [JSON.stringify(settings)]);
    this.#child.on("message", (reply: Reply) => this.#settle(reply));
    this.#child.once("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`${name} ended with ${code ?? signal}.`));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask<Verb extends keyof V & string>(
    verb: Verb,
    ...[argument]: Parameters<V[Verb]>
  ): Promise<Awaited<ReturnType<V[Verb]>>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Awaited<ReturnType<V[Verb]>>), reject });
      this.#child.send({ id, verb, argument });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }

  #settle({ id, answer, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }
}

/** Runs `use` with a process, and ends it. */
export async function withSide<V extends Verbs, T>(
  name: string,
  settings: unknown,
  use: (side: Side<V>) => Promise<T>,
): Promise<T> {
  const side = new Side<V>(name, settings);
  try {
    return await use(side);
  } finally {
    await side.stop();
  }
}
