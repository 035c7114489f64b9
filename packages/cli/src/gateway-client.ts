import { type Client, createClient } from "@workstream/client";
import { CliError } from "./cli-error.ts";
import { gatewayFault } from "./gateway-fault.ts";

export type GatewayAddress = { url: string; apiKey: string | null };

export type Query = Record<string, string | number | boolean | undefined>;

/** A running gateway. Every method throws a CliError: the gateway's own words, or that it can't be reached. */
export type GatewayClient = {
  readonly url: string;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  upload<T>(path: string, form: FormData, query?: Query): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** Follows the queues until it is closed; tells its listener of faults, and throws none. */
  queueEvents: Client["queueEvents"];
};

type SentRequest = { method?: string; headers?: Record<string, string>; body?: string | FormData };

const requestTimeoutMs = 60_000;
const uploadTimeoutMs = 600_000;

export function createGatewayClient({ url, apiKey }: GatewayAddress): GatewayClient {
  const base = url.replace(/\/+$/, "");
  const authorization: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};

  async function exchange<T>(path: string, request: SentRequest, timeoutMs = requestTimeoutMs): Promise<T> {
    const headers = { ...authorization, ...request.headers };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await reached(base, fetch(base + path, { ...request, headers, signal }));
    if (!response.ok) throw gatewayFault(base, response.status, await response.text());
    return (await reached(base, response.json())) as T;
  }

  return {
    url: base,
    get: (path, query) => exchange(path + queryText(query), {}),
    post: (path, body) => exchange(path, { method: "POST", ...jsonBody(body) }),
    put: (path, body) => exchange(path, { method: "PUT", ...jsonBody(body) }),
    upload: (path, body, query) =>
      exchange(path + queryText(query), { method: "POST", body }, uploadTimeoutMs),
    delete: (path) => exchange(path, { method: "DELETE" }),
    queueEvents: createClient({ baseUrl: base, apiKey: () => apiKey }).queueEvents,
  };
}

async function reached<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const advice = "Start it with `workstream up`, or name another with --url.";
    const isSlow = error instanceof Error && error.name === "TimeoutError";
    const what = isSlow ? `The gateway at ${url} did not answer in time.` : `No gateway answers at ${url}.`;
    throw new CliError("unreachable", `${what} ${advice}`, error);
  }
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

function jsonBody(body: unknown): SentRequest {
  if (body === undefined) return {};
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
