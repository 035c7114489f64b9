import type { ResultCache, ServiceGuards, Stores, TaskStore, WorkerRegistry } from "@workstream/core";

type Verb = keyof (TaskStore & WorkerRegistry & ServiceGuards & ResultCache) & string;
export type WatchedCall = { verb: Verb; args: readonly unknown[]; isAnswered: boolean };

/**
 * Comes between a worker and its store. It is given every call and the way through, and answers in the
 * store's place: it may call first and then throw, as a connection does that loses a reply.
 */
export type Interposer = (call: WatchedCall, through: () => Promise<unknown>) => Promise<unknown>;

/** The same stores, with calls to tasks, workers, guards and the cache written down and, when asked for, interposed. */
export function watchStores(stores: Stores, interpose: Interposer = (_, through) => through()) {
  const calls: WatchedCall[] = [];
  const watched = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, verb: Verb) {
        const method = Reflect.get(target, verb);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          const call = { verb, args, isAnswered: false };
          calls.push(call);
          const answer = await interpose(call, async () => Reflect.apply(method, target, args));
          call.isAnswered = true;
          return answer;
        };
      },
    });
  const { tasks, workers, guards, cache } = stores;
  const ports = {
    tasks: watched(tasks),
    workers: watched(workers),
    guards: watched(guards),
    cache: watched(cache),
  };
  return { stores: { ...stores, ...ports }, calls };
}
