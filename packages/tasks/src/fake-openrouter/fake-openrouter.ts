/**
 * A server that speaks OpenRouter's protocol and fails on demand, for tests and for trying the guards by hand.
 *
 * It decides nothing by chance and nothing by globals: answers are made from the prompt, shares are spread evenly, and
 * each instance has an account, a clock, rules and a record of requests of its own. Tell it what to do by `control`, or
 * from another process by `POST /control`.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAccount } from "./account-route.ts";
import { answerChat } from "./chat-route.ts";
import { type Control, controlSchema, type ParsedControl } from "./control.ts";
import { answerControl } from "./control-route.ts";
import { FakeState } from "./fake-state.ts";
import type { LimitReport } from "./limit-watch.ts";
import { readJson } from "./read-json.ts";
import { Reply } from "./reply.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";

export type FakeOpenRouterOptions = {
  /** Default 0: any free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** What it is told from the start. */
  control?: Control;
  /** Hears of every request when it is over. */
  onAnswered?: (record: RequestRecord) => void;
};

const apiPath = "/api/v1";

export class FakeOpenRouter {
  readonly #server: Server;
  readonly #onAnswered: (record: RequestRecord) => void;
  readonly #startedMs = performance.now();
  readonly #state = new FakeState();
  readonly #log = new RequestLog();
  #port = 0;
  #lastBody: unknown = null;

  private constructor({ control = {}, onAnswered = () => {} }: FakeOpenRouterOptions) {
    this.#onAnswered = onAnswered;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // A client that keeps its connection must not meet one that ends just now.
    this.#server.keepAliveTimeout = 60_000;
    this.control(control);
  }

  static async start(options: FakeOpenRouterOptions = {}): Promise<FakeOpenRouter> {
    const fake = new FakeOpenRouter(options);
    fake.#server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
    await once(fake.#server, "listening");
    fake.#port = (fake.#server.address() as AddressInfo).port;
    return fake;
  }

  /** Stays known after `close`: another one may be started there. */
  get port(): number {
    return this.#port;
  }

  /** Where `/control` is. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** For OPENROUTER_BASE_URL. */
  get baseUrl(): string {
    return `${this.origin}${apiPath}`;
  }

  /** @throws ZodError for what it can't be told */
  control(control: Control): void {
    this.apply(controlSchema.parse(control));
  }

  apply(control: ParsedControl): void {
    this.#state.apply(control, this.#nowMs());
  }

  /** What arrived, oldest first; at most the last 100,000. */
  get requests(): readonly RequestRecord[] {
    return this.#log.records;
  }

  /** The body of the newest request that had one. */
  get lastBody(): unknown {
    return this.#lastBody;
  }

  clearRequests(): void {
    this.#log.clear();
  }

  /** Resolves when `count` requests have arrived since the last clearing. */
  arrived(count: number): Promise<void> {
    return this.#log.arrived(count);
  }

  /** How the watched limit was kept; null when none is watched. */
  get limitReport(): LimitReport | null {
    return this.#state.limitReport;
  }

  describe(): Record<string, unknown> {
    return { ...this.#state.describe(), requests: this.#log.records.length };
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #nowMs(): number {
    return performance.now() - this.#startedMs;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrival = { atMs: this.#nowMs(), at: Date.now() };
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const reply = new Reply(response);
    const body = await readJson(request);
    if (!path.startsWith(apiPath)) {
      const answer = answerControl(this, { request, path, body });
      return reply.json(answer.status, answer.body);
    }
    const record = this.#log.begin({ ...arrival, path: path.slice(apiPath.length) });
    response.once("close", () => this.#finish(record, reply));
    if (body !== undefined) this.#lastBody = body;
    const authorization = request.headers.authorization ?? "";
    const call = { record, body, authorization, state: this.#state, nowMs: arrival.atMs };
    return record.path === "/chat/completions" ? answerChat(call, reply) : answerAccount(call, reply);
  }

  #finish(record: RequestRecord, { outcome }: Reply): void {
    record.durationMs = this.#nowMs() - record.atMs;
    record.outcome = outcome;
    this.#onAnswered(record);
  }
}
