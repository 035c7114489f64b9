/** A gateway, workers and a fake OpenRouter, each a process of its own: on one private Redis, or embedded in one program. */
import {
  type FakeOpenRouterProcess,
  freePort,
  type RedisServer,
  startFakeOpenRouterProcess,
  startRedisServer,
  until,
} from "@workstream/testing";
import { call, queueStatus, unfinished } from "./gateway.ts";
import { gatewayReady, Stage } from "./program.ts";

export type GuardedFleetOptions = {
  /** Workers on Redis, or `embedded`: one program with the embedded store. */
  workers: number | "embedded";
  /** What each program gets beside the addresses. */
  env?: Record<string, string>;
};

export type Breaker = { state: "closed" | "open" | "half-open"; opened_at: string | null };
export type Call = {
  number: number;
  atMs: number;
  at: number;
  path: string;
  outcome: string | null;
  fault: string | null;
};

export class GuardedFleet {
  readonly stage = new Stage();
  readonly fake: FakeOpenRouterProcess;
  readonly server: RedisServer | null;
  readonly url: string;
  readonly #env: Record<string, string>;

  static async open({ workers, env = {} }: GuardedFleetOptions): Promise<GuardedFleet> {
    const server = workers === "embedded" ? null : await startRedisServer();
    const stage = new Stage();
    const folder = await stage.folder();
    const fake = await startFakeOpenRouterProcess({ cwd: folder });
    const port = await freePort();
    const fleet = new GuardedFleet({ stage, fake, server, port, env: { ...env, DATA_DIR: folder } });
    await fleet.#start(workers);
    return fleet;
  }

  /** All at once; none is left open when one does not open. */
  static async openAll(options: readonly GuardedFleetOptions[]): Promise<GuardedFleet[]> {
    const opening = await Promise.allSettled(options.map((each) => GuardedFleet.open(each)));
    const fleets = opening.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = opening.find(({ status }) => status === "rejected");
    if (failed?.status !== "rejected") return fleets;
    await Promise.all(fleets.map((fleet) => fleet.close()));
    throw failed.reason;
  }

  private constructor(parts: {
    stage: Stage;
    fake: FakeOpenRouterProcess;
    server: RedisServer | null;
    port: number;
    env: Record<string, string>;
  }) {
    this.stage = parts.stage;
    this.fake = parts.fake;
    this.server = parts.server;
    this.url = `http://127.0.0.1:${parts.port}`;
    this.#env = {
      API_PORT: String(parts.port),
      OPENROUTER_BASE_URL: parts.fake.baseUrl,
      OPENROUTER_API_KEY: "test-key",
      ...(parts.server ? { REDIS_URL: parts.server.url } : {}),
      ...parts.env,
    };
  }

  async #start(workers: number | "embedded"): Promise<void> {
    const args = workers === "embedded" ? ["up"] : ["api"];
    await gatewayReady(this.url, this.stage.start({ args, env: this.#env }));
    const count = workers === "embedded" ? 0 : workers;
    for (let started = 0; started < count; started++) this.stage.start({ args: ["worker"], env: this.#env });
    await until("the workers", async () => (await this.#healthyWorkers()) >= Math.max(count, 1), {
      timeoutMs: 60_000,
      everyMs: 100,
    });
  }

  /** Short texts to be summarized by the model: one call each. */
  async addSummaries(count: number): Promise<string[]> {
    const tasks = Array.from({ length: count }, (_, index) => ({
      type: "summarize",
      input: textNumber(index),
    }));
    const answer = await call<{ task_ids: string[] }>(`${this.url}/api/v1/tasks/batch`, "POST", { tasks });
    if (answer.status !== 201)
      throw new Error(`batch answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.task_ids;
  }

  /** Calls to the model that reached the fake. */
  async calls(): Promise<Call[]> {
    return (await this.fake.requests()).filter(({ path }) => path.endsWith("/chat/completions"));
  }

  async callsReach(count: number, timeoutMs: number): Promise<void> {
    await until(`${count} calls`, async () => (await this.calls()).length >= count, {
      timeoutMs,
      everyMs: 100,
    });
  }

  async breaker(): Promise<Breaker> {
    const { body } = await call<{ services: (Breaker & { service: string })[] }>(
      `${this.url}/api/v1/workers`,
    );
    return (
      body.services.find(({ service }) => service === "openrouter") ?? { state: "closed", opened_at: null }
    );
  }

  async breakerIs(state: Breaker["state"], timeoutMs = 30_000): Promise<Breaker> {
    return until(
      `the breaker to be ${state}`,
      async () => {
        const breaker = await this.breaker();
        return breaker.state === state ? breaker : null;
      },
      { timeoutMs, everyMs: 20 },
    );
  }

  async allAtRest(timeoutMs: number): Promise<void> {
    await until("every task at rest", async () => (await unfinished(this.url)) === 0, {
      timeoutMs,
      everyMs: 200,
    });
  }

  states(): Promise<Record<string, number>> {
    return queueStatus(this.url).then(({ states }) => states);
  }

  async close(): Promise<void> {
    await this.stage.close();
    await this.fake.stop();
    await this.server?.stop();
  }

  async #healthyWorkers(): Promise<number> {
    const { body } = await call<{ healthy_workers: number }>(`${this.url}/api/v1/workers`);
    return body.healthy_workers;
  }
}

function textNumber(index: number): string {
  return `Report ${index}. The harbour was closed on Monday because of the storm. Ferries ran again on Tuesday morning.`;
}

/** Calls by whole second since the first, as one line: what a chart would show. */
export function callsBySecond(calls: readonly Call[], firstMs = calls[0]?.atMs ?? 0): number[] {
  const seconds: number[] = [];
  for (const { atMs } of calls) {
    const second = Math.floor((atMs - firstMs) / 1000);
    seconds[second] = (seconds[second] ?? 0) + 1;
  }
  return Array.from(seconds, (count) => count ?? 0);
}
