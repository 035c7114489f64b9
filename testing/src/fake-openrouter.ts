/**
 * The fake OpenRouter for tests: in this process, or in one of its own, where its clock is not held up by what the test
 * does, and several processes can call it.
 */
import type {
  FakeOpenRouter,
  FakeOpenRouterControl,
  FakeOpenRouterOptions,
  LimitReport,
  RequestRecord,
} from "@workstream/tasks";
import { type CliProcess, startCli } from "./cli-process.ts";

/** In this process. Loaded when it is needed: most tests need none of the tasks. */
export async function startFakeOpenRouter(options: FakeOpenRouterOptions = {}): Promise<FakeOpenRouter> {
  const tasks = await import("@workstream/tasks");
  return tasks.startFakeOpenRouter(options);
}

/** In a process of its own, by `workstream fake-openrouter`; `stopAll` ends it too. */
export async function startFakeOpenRouterProcess(options: {
  /** An empty folder keeps .env files away. */
  cwd: string;
  args?: readonly string[];
}): Promise<FakeOpenRouterProcess> {
  const cli = startCli(["fake-openrouter", "--port", "0", ...(options.args ?? [])], { cwd: options.cwd });
  const [, baseUrl = ""] = await cli.prints(/OPENROUTER_BASE_URL=(\S+)/);
  return new FakeOpenRouterProcess(baseUrl, cli);
}

/** Steers a fake by its control routes, from any process. */
export class RemoteFakeOpenRouter {
  readonly baseUrl: string;
  readonly #controlUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
    this.#controlUrl = new URL("/control", baseUrl).href;
  }

  /** @throws for what it can't be told */
  async control(control: FakeOpenRouterControl): Promise<void> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(this.#controlUrl, {
      method: "POST",
      headers,
      body: JSON.stringify(control),
    });
    if (!response.ok) throw new Error(`The fake answered ${response.status}: ${await response.text()}`);
  }

  /** What arrived after request number `after`, oldest first. */
  async requests(after = 0): Promise<RequestRecord[]> {
    const { columns, rows } = await this.#log(after);
    return rows.map(
      (row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])) as RequestRecord,
    );
  }

  /** How the watched limit was kept; null when none is watched. */
  async limitReport(): Promise<LimitReport | null> {
    return (await this.#log(Number.MAX_SAFE_INTEGER)).limit;
  }

  async clearRequests(): Promise<void> {
    await fetch(`${this.#controlUrl}/requests`, { method: "DELETE" });
  }

  async #log(after: number): Promise<RequestLogAnswer> {
    const response = await fetch(`${this.#controlUrl}/requests?after=${after}`);
    return (await response.json()) as RequestLogAnswer;
  }
}

type RequestLogAnswer = {
  columns: (keyof RequestRecord)[];
  rows: unknown[][];
  limit: LimitReport | null;
};

export class FakeOpenRouterProcess extends RemoteFakeOpenRouter {
  readonly #cli: CliProcess;

  constructor(baseUrl: string, cli: CliProcess) {
    super(baseUrl);
    this.#cli = cli;
  }

  /** What it printed. */
  get stdout(): string {
    return this.#cli.stdout;
  }

  async stop(): Promise<void> {
    this.#cli.kill("SIGTERM");
    await this.#cli.exited;
  }
}
