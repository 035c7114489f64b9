import type { FakeOpenRouter, FakeOpenRouterOptions } from "./fake-openrouter/fake-openrouter.ts";

/** Starts a server that speaks OpenRouter's protocol and fails on demand. Loaded when it is asked for: no task needs it. */
export async function startFakeOpenRouter(options: FakeOpenRouterOptions = {}): Promise<FakeOpenRouter> {
  const { FakeOpenRouter: Server } = await import("./fake-openrouter/fake-openrouter.ts");
  return Server.start(options);
}

export type { Control as FakeOpenRouterControl } from "./fake-openrouter/control.ts";
export { type FaultName, faultNames } from "./fake-openrouter/fault-name.ts";
export type { LimitReport } from "./fake-openrouter/limit-watch.ts";
export type { RequestRecord } from "./fake-openrouter/request-log.ts";
export type { FakeOpenRouter, FakeOpenRouterOptions };
