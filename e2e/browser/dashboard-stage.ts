/** The built program with its dashboard, a fake OpenRouter and task types of all kinds, on either store. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type FakeOpenRouterProcess,
  freePort,
  type RedisServer,
  startFakeOpenRouterProcess,
  startRedisServer,
  until,
} from "@workstream/testing";
import { call, type Detail } from "../gateway.ts";
import { gatewayReady, type Program, Stage } from "../program.ts";

const stageModule = join(dirname(dirname(fileURLToPath(import.meta.url))), "modules/stage-tasks.mjs");

export const storeKinds = ["redis", "embedded"] as const;
export type StoreKind = (typeof storeKinds)[number];

export type DashboardStageOptions = {
  env?: Record<string, string>;
  hasModel?: boolean;
  /** The file of the task types. */
  module?: string;
  /** Settings of redis.conf. */
  redis?: Record<string, string>;
};

type Props = { stage: Stage; server: RedisServer | null; fake: FakeOpenRouterProcess | null; module: string };

export class DashboardStage {
  /** Where browsers find the dashboard; the API answers there too. */
  readonly url: string;
  readonly server: RedisServer | null;
  readonly fake: FakeOpenRouterProcess | null;
  readonly #stage: Stage;
  readonly #env: Record<string, string>;
  readonly #module: string;
  #program: Program | null = null;

  static async open(
    store: StoreKind,
    { env = {}, hasModel = false, module = stageModule, redis = {} }: DashboardStageOptions = {},
  ): Promise<DashboardStage> {
    const stage = new Stage();
    const folder = await stage.folder();
    const server = store === "redis" ? await startRedisServer({ config: redis }) : null;
    if (server) stage.onClose(() => server.stop());
    const fake = hasModel ? await startFakeOpenRouterProcess({ cwd: folder }) : null;
    if (fake) stage.onClose(() => fake.stop());
    const ports = { API_PORT: String(await freePort()), DASHBOARD_PORT: String(await freePort()) };
    const dashboard = new DashboardStage(
      { stage, server, fake, module },
      {
        DASHBOARD: "on",
        DATA_DIR: folder,
        ...ports,
        ...(server && { REDIS_URL: server.url }),
        ...(fake && { OPENROUTER_BASE_URL: fake.baseUrl, OPENROUTER_API_KEY: "test-key" }),
        ...env,
      },
    );
    await dashboard.start();
    return dashboard;
  }

  private constructor({ stage, server, fake, module }: Props, env: Record<string, string>) {
    this.#stage = stage;
    this.server = server;
    this.fake = fake;
    this.#env = env;
    this.#module = module;
    this.url = `http://127.0.0.1:${env.DASHBOARD_PORT}`;
  }

  async start(): Promise<void> {
    this.#program = this.#stage.start({ args: ["up", "--tasks", this.#module], env: this.#env });
    await gatewayReady(this.url, this.#program);
  }

  async stop(): Promise<void> {
    await this.#program?.end();
  }

  /** A further worker, a process of its own; on Redis alone. */
  startWorker(env: Record<string, string> = {}): Program {
    return this.#stage.start({ args: ["worker", "--tasks", this.#module], env: { ...this.#env, ...env } });
  }

  async add(type: string, input: unknown, options: Record<string, unknown> = {}): Promise<string> {
    const answer = await call<{ task_id: string }>(`${this.url}/api/v1/tasks/${type}`, "POST", {
      input,
      ...options,
    });
    if (answer.status !== 201)
      throw new Error(`${type} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.task_id;
  }

  async addMany(tasks: { type: string; input: unknown }[]): Promise<string[]> {
    const answer = await call<{ task_ids: string[] }>(`${this.url}/api/v1/tasks/batch`, "POST", { tasks });
    if (answer.status !== 201)
      throw new Error(`The batch answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.task_ids;
  }

  task(id: string): Promise<Detail> {
    return call<Detail>(`${this.url}/api/v1/tasks/${id}`).then(({ body }) => body);
  }

  async taskIs(id: string, state: string, timeoutMs = 20_000): Promise<Detail> {
    return until(
      `the task to be ${state}`,
      async () => {
        const task = await this.task(id);
        return task.state === state ? task : null;
      },
      { timeoutMs, everyMs: 50 },
    );
  }

  close(): Promise<void> {
    return this.#stage.close();
  }
}
