/** A measured process's own end: settings come as its argument, questions and answers go over IPC. */
import type { Verbs } from "./side.ts";

type Question = { id: number; verb: string; argument: never };

export function readSettings<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}

export function serve<V extends Verbs>(verbs: V): void {
  process.on("message", async ({ id, verb, argument }: Question) => {
    try {
      process.send?.({ id, answer: await verbs[verb]?.(argument) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}
