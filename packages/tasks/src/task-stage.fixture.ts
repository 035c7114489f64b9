/**
 * The built-in tasks on a worker, a store and a fake OpenRouter, as a program has them: calls go over HTTP and under
 * guard. Retries come fast.
 */
import {
  type OutputEntry,
  type RateLimit,
  type RetrySchedules,
  retrySchedules,
  type Stores,
  type Task,
  type TaskState,
} from "@workstream/core";
import {
  newTask,
  type OpenStores,
  type StoreKind,
  startStoreSource,
  storeKinds,
  type TestClock,
  until,
} from "@workstream/testing";
import { createWorker, silentLogger, type TaskDefinition, type Worker } from "@workstream/worker";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type BuiltInTaskOptions, builtInTasks } from "./built-in-tasks.ts";
import { type FakeOpenRouter, startFakeOpenRouter } from "./fake-openrouter.ts";
import type { ChatModel, ChatRequest } from "./openrouter/chat-model.ts";
import { openRouterChat } from "./openrouter/openrouter-chat.ts";
import { openRouterService } from "./openrouter/openrouter-service.ts";
import type { OpenRouterSettings } from "./openrouter/openrouter-settings.ts";
import { readPrompts } from "./prompts.ts";

export type StageOptions = Partial<BuiltInTaskOptions> & {
  breaker?: OpenRouterSettings["breaker"];
  limit?: RateLimit;
  contextTokens?: number;
};

const realTime: TestClock = {
  now: Date.now,
  advance() {
    throw new Error("Real time can't be moved.");
  },
  set() {
    throw new Error("Real time can't be set.");
  },
};

const fastRetries = Object.fromEntries(
  Object.entries(retrySchedules).map(([type, seconds]) => [type, seconds.map(() => 0.02)]),
) as unknown as RetrySchedules;

export class TaskStage {
  readonly stores: Stores;
  readonly fake: FakeOpenRouter;
  /** What the model was asked, in order. */
  readonly asked: ChatRequest[] = [];
  readonly #worker: Worker;

  constructor(stores: Stores, fake: FakeOpenRouter, options: StageOptions) {
    this.stores = stores;
    this.fake = fake;
    this.#worker = createWorker({
      stores,
      definitions: this.#definitions(options),
      settings: { graceMs: 300 },
      logger: silentLogger,
    });
    this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#worker.drain({ force: true });
  }

  async summarize(text: string): Promise<string> {
    const task = newTask(this.stores.tasks.mintId(), { type: "summarize", content: text });
    await this.stores.tasks.enqueue(task);
    return task.id;
  }

  async extractPdf(bytes: Uint8Array, metadata: Record<string, unknown> = {}): Promise<string> {
    const filename = "gazette.pdf";
    const task = newTask(this.stores.tasks.mintId(), {
      type: "pdfxtract",
      contentKind: "file",
      content: filename,
      metadata: JSON.stringify({ filename, ...metadata }),
    });
    await (await this.stores.inputs.open(task.id)).write(bytes);
    await this.stores.tasks.enqueue(task);
    return task.id;
  }

  /** Waits until the task is in this state, and answers it. */
  reaches(id: string, state: TaskState): Promise<Task> {
    return until(`task ${id} to be ${state}`, () => this.#inState(id, state), { timeoutMs: 20_000 });
  }

  /** Waits until the task is completed, and answers its result. */
  async result(id: string): Promise<Record<string, unknown>> {
    return JSON.parse((await this.reaches(id, "COMPLETED")).result ?? "null");
  }

  output(id: string): Promise<OutputEntry[]> {
    return this.stores.outputs.read(id, 0);
  }

  async #inState(id: string, state: TaskState): Promise<Task | null> {
    const task = await this.stores.tasks.get(id);
    if (task?.state === "DLQ" && state !== "DLQ") throw new Error(`It died: ${task.lastError}`);
    return task?.state === state ? task : null;
  }

  #definitions({ breaker = {}, limit, contextTokens, ...options }: StageOptions): TaskDefinition[] {
    const settings: OpenRouterSettings = {
      apiKey: "test-key",
      baseUrl: this.fake.baseUrl,
      model: "fake/one",
      timeoutMs: 10_000,
      limit: limit ?? { requests: 1_000, intervalMs: 1_000 },
      tokenLimit: null,
      breaker: { volumeThreshold: 1_000, ...breaker },
    };
    const definitions = builtInTasks({
      chat: this.#recorded(openRouterChat(settings), contextTokens ?? 32_768),
      service: openRouterService(settings),
      prompts: readPrompts(null),
      summarizeProvider: "auto",
      fallsBack: false,
      cachesResults: false,
      ...options,
    });
    return definitions.map((definition) => ({
      ...definition,
      retry: { ...definition.retry, schedules: fastRetries },
    }));
  }

  #recorded(chat: ChatModel, contextTokens: number): ChatModel {
    return {
      model: chat.model,
      contextTokens,
      complete: (request, options) => {
        this.asked.push(request);
        return chat.complete(request, options);
      },
    };
  }
}

export type SetStage = (options?: StageOptions) => Promise<TaskStage>;

/** Runs one suite on each store. */
export function describeTasks(area: string, suite: (setStage: SetStage, kind: StoreKind) => void): void {
  for (const kind of storeKinds) describe(`${area} on ${kind}`, () => suite(useStage(kind), kind));
}

function useStage(kind: StoreKind): SetStage {
  const closers: (() => Promise<void>)[] = [];
  let open: OpenStores | null = null;
  let stop = async () => {};
  beforeAll(async () => {
    const source = await startStoreSource(kind);
    open = source.open;
    stop = source.stop;
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(() => stop());
  return async (options = {}) => {
    if (!open) throw new Error("A stage is for tests, not for the body of describe.");
    const { stores } = await open({ clock: realTime });
    closers.push(() => stores.close());
    const fake = await startFakeOpenRouter();
    closers.push(() => fake.close());
    const stage = new TaskStage(stores, fake, options);
    closers.push(() => stage.stop());
    return stage;
  };
}
