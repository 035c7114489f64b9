/** Requests: addresses, the key, timeouts, and one kind of error for all that can go wrong. */
import { ClientError, isClientError } from "./client-error.ts";
import { problemAnswer } from "./problem-answer.ts";
import { queryText } from "./query-text.ts";

export type ClientOptions = {
  /** Of the gateway, as http://127.0.0.1:8000; "" for the page's own origin. */
  baseUrl?: string;
  /** Asked anew for each request where it is a function. */
  apiKey?: string | (() => string | null);
  fetch?: typeof fetch;
  /** For an answer to arrive, 30 s unless told; transfers of files have 20 times as long. */
  timeoutMs?: number;
};

export type RequestOptions = { signal?: AbortSignal | undefined };

export type ApiRequest = {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: object;
  /** Sent as JSON, unless it is a form. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Of this request. */
  timeoutMs?: number;
};

export type Transport = {
  readonly timeoutMs: number;
  readonly transferTimeoutMs: number;
  /** The caller's, which then sends everything. */
  readonly hasOwnFetch: boolean;
  url(request: ApiRequest): string;
  headers(request: ApiRequest): Record<string, string>;
  /** The answer, read whole. @throws ClientError */
  json<T>(request: ApiRequest, options?: RequestOptions): Promise<T>;
  upload<T>(request: ApiRequest, options?: RequestOptions): Promise<T>;
  download(request: ApiRequest, options?: RequestOptions): Promise<Response>;
  /** The answer once its head is there, for as long as `signal` lets it last. @throws ClientError, or what fetch throws */
  open(request: ApiRequest, signal: AbortSignal): Promise<Response>;
};

const transferFactor = 20;

export function createTransport(options: ClientOptions): Transport {
  const { apiKey, timeoutMs = 30_000 } = options;
  const transferTimeoutMs = timeoutMs * transferFactor;
  const baseUrl = (options.baseUrl ?? "").replace(/\/+$/, "");
  if (baseUrl === "" && options.fetch === undefined && !("location" in globalThis)) {
    throw new TypeError(
      'Give createClient the gateway\'s address, as in { baseUrl: "http://127.0.0.1:8000" }.',
    );
  }
  const url = (request: ApiRequest) => baseUrl + request.path + queryText(request.query);
  const headers = (request: ApiRequest) => {
    const key = typeof apiKey === "function" ? apiKey() : apiKey;
    return {
      ...(isJson(request.body) && { "content-type": "application/json" }),
      ...(key && { authorization: `Bearer ${key}` }),
      ...request.headers,
    };
  };

  async function open(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { method = "GET", body } = request;
    const sent = isJson(body) ? JSON.stringify(body) : (body as FormData | undefined);
    const init = { method, headers: headers(request), signal, ...(sent !== undefined && { body: sent }) };
    const response = await (options.fetch ?? globalThis.fetch)(url(request), init);
    if (response.ok) return response;
    const { status } = response;
    throw problemAnswer({
      status,
      header: (name) => response.headers.get(name),
      body: await response.text(),
    });
  }

  async function exchange<T>(
    request: ApiRequest,
    { signal }: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const deadline = AbortSignal.timeout(request.timeoutMs ?? timeoutMs);
    try {
      return await read(await open(request, signal ? AbortSignal.any([signal, deadline]) : deadline));
    } catch (error) {
      throw requestError(error, { caller: signal, deadline });
    }
  }

  return {
    timeoutMs,
    transferTimeoutMs,
    hasOwnFetch: options.fetch !== undefined,
    url,
    headers,
    open,
    json: <T>(request: ApiRequest, requestOptions: RequestOptions = {}) =>
      exchange<T>(request, requestOptions, readJson),
    upload: <T>(request: ApiRequest, requestOptions: RequestOptions = {}) =>
      exchange<T>({ ...request, timeoutMs: transferTimeoutMs }, requestOptions, readJson),
    download: (request, requestOptions = {}) =>
      exchange({ ...request, timeoutMs: transferTimeoutMs }, requestOptions, readWhole),
  };
}

function isJson(body: unknown): boolean {
  return body !== undefined && !(body instanceof FormData);
}

async function readJson<T>(response: Response): Promise<T> {
  return parseAnswer(response.status, await response.text());
}

/** @throws bad_answer */
export function parseAnswer<T>(status: number, text: string): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = "The answer is not JSON: check that the address is that of a Workstream gateway.";
    throw new ClientError({ kind: "bad_answer", status, detail, cause });
  }
}

/** A response that nothing can break off any more. */
async function readWhole(response: Response): Promise<Response> {
  const { status, headers } = response;
  return new Response(await response.blob(), { status, headers });
}

type Signals = { caller: AbortSignal | undefined; deadline: AbortSignal };

function requestError(cause: unknown, { caller, deadline }: Signals): ClientError {
  if (isClientError(cause)) return cause;
  if (caller?.aborted) return abortedError(cause);
  if (deadline.aborted) return timeoutError(cause);
  return unreachableError(cause);
}

export function abortedError(cause?: unknown): ClientError {
  return new ClientError({ kind: "aborted", detail: "The request was aborted.", cause });
}

export function timeoutError(cause?: unknown): ClientError {
  return new ClientError({ kind: "timeout", detail: "The gateway did not answer in time.", cause });
}

export function unreachableError(cause?: unknown): ClientError {
  return new ClientError({ kind: "unreachable", detail: "The gateway can't be reached.", cause });
}
