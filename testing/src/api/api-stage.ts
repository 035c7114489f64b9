import { type ApiParts, type ApiSettings, createApi } from "@workstream/api";
import type { ServiceInfo, Stores, TaskCatalog } from "@workstream/core";
import { createCatalog, defineTask } from "@workstream/worker";
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterEach } from "vitest";
import { z } from "zod";
import { useStores } from "../store-fixture.ts";
import type { OpenedStores, StoreKind } from "../store-source.ts";
import { TaskDriver } from "../task-driver.ts";
import { type TestClock, testClock } from "../test-clock.ts";

/** A text, a file, and a type with an input of its own on a queue of its own. */
export const catalog: TaskCatalog = createCatalog([
  defineTask({
    type: "summarize",
    queue: "primary",
    description: "Summarizes a text.",
    input: z.string().min(1),
    output: z.string(),
    run: async (text) => text,
  }),
  defineTask({
    type: "pdfxtract",
    queue: "primary",
    input: z.object({}),
    output: z.string(),
    takesFile: true,
    run: async () => "text",
  }),
  defineTask({
    type: "archive",
    input: z.object({}),
    output: z.string(),
    takesFile: true,
    run: async () => "kept",
  }),
  defineTask({
    type: "report",
    queue: "reports",
    input: z.object({ year: z.int(), parts: z.array(z.string()).default([]) }),
    output: z.object({ pages: z.int() }),
    retry: { maxRetries: 7 },
    timeoutMs: 90_000,
    run: async () => ({ pages: 1 }),
  }),
]);

export type Answer = { status: number; headers: Record<string, unknown>; body: Body; text: string };
// biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
type Body = any;

export type ApiStage = {
  app: FastifyInstance;
  opened: OpenedStores;
  stores: Stores;
  driver: TaskDriver;
  clock: TestClock;
  /** Sends a request through the app, without a socket. */
  ask(
    method: InjectOptions["method"],
    url: string,
    options?: Omit<InjectOptions, "method" | "url">,
  ): Promise<Answer>;
  /** Listens on a free port of 127.0.0.1 and answers the origin. */
  listen(): Promise<string>;
};

export type StageOptions = {
  settings?: Partial<ApiSettings>;
  /** Puts faults between the gateway and its stores. */
  wrap?: (stores: Stores) => Stores;
  logger?: ApiParts["logger"];
  /** What the gateway knows of services; nothing unless told. */
  services?: readonly ServiceInfo[];
  /** For a second gateway on the store of a first. */
  on?: OpenedStores;
};

/** Registers the hooks that a gateway on a store needs in the enclosing `describe`, and answers how to open one. */
export function useApi(kind: StoreKind = "sqlite"): (options?: StageOptions) => Promise<ApiStage> {
  const openStores = useStores(kind);
  const apps: FastifyInstance[] = [];
  // Runs before the stores are closed: hooks run in reverse.
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  return async ({ settings = {}, wrap = (stores: Stores) => stores, logger, services = [], on } = {}) => {
    const opened = on ?? (await openStores({ clock: testClock(Date.now()) }));
    const { clock } = opened;
    const app = await createApi({
      stores: wrap(opened.stores),
      catalog,
      services: { list: () => services, get: (name) => services.find((info) => info.name === name) },
      settings: { version: "1.2.3", ...settings },
      ...(logger && { logger }),
    });
    apps.push(app);
    return { app, opened, clock, stores: opened.stores, driver: new TaskDriver(opened), ...speakTo(app) };
  };
}

function speakTo(app: FastifyInstance): Pick<ApiStage, "ask" | "listen"> {
  return {
    async ask(method = "GET", url, options = {}) {
      const answer = await app.inject({ method, url, ...options });
      const isJson = String(answer.headers["content-type"]).includes("json");
      const body = isJson && answer.body !== "" ? answer.json() : null;
      return { status: answer.statusCode, headers: answer.headers, body, text: answer.body };
    },
    listen: () => app.listen({ host: "127.0.0.1", port: 0 }),
  };
}
