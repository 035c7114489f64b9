/**
 * A stream of events that outlives its connections.
 *
 *   connecting → open → waiting → connecting → …      closed, from anywhere, is the end
 *
 * A connection that fails, ends or falls silent is followed by another one, for ever, after a wait that grows with the
 * failures in a row; each goes on behind the last event. 401, 403, 404 and 204 (everything was told) end it. A paused
 * one is waiting with no time to it.
 */
import { type Backoff, backoffMs, defaultBackoff } from "./backoff.ts";
import { ClientError, isClientError } from "./client-error.ts";
import { createEventStreamParser, type ServerSentEvent } from "./event-stream-parser.ts";
import { timeoutError, unreachableError } from "./transport.ts";

export type StreamState = "connecting" | "open" | "waiting" | "closed";

export type StreamStatus = {
  state: StreamState;
  /** Failures in a row; a connection that lasts 5 s ends the row. */
  attempt: number;
  /** Until the next attempt, when waiting; absent while paused. */
  retryInMs?: number;
  /** Why it waits or is closed; absent when nothing went wrong. */
  error?: ClientError;
};

export type StreamListener = {
  /** `event` is the JSON of the event, not validated. */
  onEvent(event: unknown, id: string | null): void;
  onState?(status: StreamStatus): void;
  /** Events were missed: what was read before may be out of date. Comes before the event that shows it. */
  onGap?(): void;
};

export type StreamOptions = {
  /** Closes the stream. */
  signal?: AbortSignal | undefined;
  /** Goes on behind this event, if the gateway still knows it. */
  lastEventId?: string | undefined;
  /** After so much silence a connection counts as dead; 35 s, for the gateway speaks every 15 s. */
  silenceMs?: number | undefined;
  /** Between two attempts; 0.5 s to 15 s unless told. */
  backoff?: Backoff | undefined;
};

export type EventSubscription = {
  close(): void;
  /** Drops the connection until `resume`, which goes on behind the last event. */
  pause(): void;
  resume(): void;
  /** Ends a wait. */
  retryNow(): void;
};

/** What distinguishes one stream from another. */
export type StreamKind = {
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  connectTimeoutMs: number;
  /** Whether something before this event was missed. */
  isAfterGap(event: unknown, id: string | null): boolean;
  /** Whether nothing follows. */
  isLast(event: unknown): boolean;
  random: () => number;
};

/** After so long a connection was a good one, and the failures before it are forgotten. */
const steadyMs = 5_000;
const finalStatuses: readonly (number | null)[] = [401, 403, 404];

export function subscribe(
  kind: StreamKind,
  listener: StreamListener,
  options: StreamOptions,
): EventSubscription {
  const subscription = new Subscription(kind, listener, options);
  queueMicrotask(() => subscription.begin());
  return subscription;
}

class Subscription implements EventSubscription {
  readonly #kind: StreamKind;
  readonly #listener: StreamListener;
  readonly #signal: AbortSignal | undefined;
  readonly #silenceMs: number;
  readonly #backoff: Backoff;
  #lastId: string | null;
  #retryMs = 0;
  #failures = 0;
  #isPaused = false;
  #isClosed = false;
  #connection: AbortController | null = null;
  #waitTimer: ReturnType<typeof setTimeout> | null = null;
  #silenceTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(kind: StreamKind, listener: StreamListener, options: StreamOptions) {
    this.#kind = kind;
    this.#listener = listener;
    this.#signal = options.signal;
    this.#lastId = options.lastEventId ?? null;
    this.#silenceMs = options.silenceMs ?? 35_000;
    this.#backoff = options.backoff ?? defaultBackoff;
  }

  begin(): void {
    if (this.#isClosed) return;
    this.#signal?.addEventListener("abort", this.close);
    if (this.#signal?.aborted) this.close();
    else this.#connect();
  }

  // As a property, for it is an event listener too.
  readonly close = (): void => this.#end();

  pause(): void {
    if (this.#isClosed || this.#isPaused) return;
    this.#isPaused = true;
    this.#drop();
    this.#tell({ state: "waiting", attempt: 0 });
  }

  resume(): void {
    if (this.#isClosed || !this.#isPaused) return;
    this.#isPaused = false;
    this.#failures = 0;
    this.#connect();
  }

  retryNow(): void {
    if (this.#waitTimer !== null) this.#connect();
  }

  #connect(): void {
    if (this.#isClosed || this.#isPaused || this.#connection !== null) return;
    this.#drop();
    const connection = new AbortController();
    this.#connection = connection;
    this.#tell({ state: "connecting", attempt: this.#failures });
    void this.#run(connection);
  }

  async #run(connection: AbortController): Promise<void> {
    const openedAt = { ms: Number.POSITIVE_INFINITY };
    let error: ClientError | null = null;
    try {
      await this.#follow(connection, openedAt);
    } catch (cause) {
      const reason = connection.signal.aborted ? connection.signal.reason : cause;
      error = isClientError(reason) ? reason : unreachableError(reason);
    }
    if (this.#connection !== connection) return;
    if (error === null || finalStatuses.includes(error.status)) this.#end(error);
    else this.#wait(error, performance.now() - openedAt.ms >= steadyMs);
  }

  /** Returns when everything was told. @throws when the connection is over before that */
  async #follow({ signal }: AbortController, openedAt: { ms: number }): Promise<void> {
    this.#expectSignOfLife(signal, this.#kind.connectTimeoutMs);
    const response = await this.#kind.open(this.#lastId, signal);
    if (response.status === 204) return;
    const reader = bodyOf(response).getReader();
    signal.throwIfAborted();
    openedAt.ms = performance.now();
    this.#tell({ state: "open", attempt: this.#failures });
    const parser = createEventStreamParser(this.#lastId);
    for (;;) {
      this.#expectSignOfLife(signal, this.#silenceMs);
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) throw endedError();
      const isOver = parser.push(value).some((event) => this.#receive(event, signal));
      this.#retryMs = parser.retryMs ?? this.#retryMs;
      if (isOver) return;
    }
  }

  /** Whether it was the last event. */
  #receive({ data, id }: ServerSentEvent, signal: AbortSignal): boolean {
    const event = parseData(data);
    // Something in between may write into the stream. If an event was lost by that, the next one's number shows it.
    if (event === undefined || signal.aborted) return false;
    if (this.#kind.isAfterGap(event, id)) this.#call(() => this.#listener.onGap?.());
    if (signal.aborted) return false;
    this.#lastId = id;
    this.#call(() => this.#listener.onEvent(event, id));
    return this.#kind.isLast(event);
  }

  #wait(error: ClientError, wasSteady: boolean): void {
    this.#drop();
    this.#failures = wasSteady ? 1 : this.#failures + 1;
    const floorMs = error.retryAfterMs ?? this.#retryMs;
    const { random } = this.#kind;
    const retryInMs = backoffMs(this.#failures, { ...this.#backoff, floorMs, random });
    this.#waitTimer = setTimeout(() => this.#connect(), retryInMs);
    this.#tell({ state: "waiting", attempt: this.#failures, retryInMs, error });
  }

  /** @throws when the connection is over: a listener may have ended it */
  #expectSignOfLife(signal: AbortSignal, withinMs: number): void {
    signal.throwIfAborted();
    if (this.#silenceTimer !== null) clearTimeout(this.#silenceTimer);
    const connection = this.#connection;
    // After a blocked event loop what was sent may be here and unread: it is read first.
    this.#afterSilence(withinMs, () => this.#afterSilence(0, () => connection?.abort(timeoutError())));
  }

  #afterSilence(ms: number, act: () => void): void {
    this.#silenceTimer = setTimeout(act, ms);
    // The connection keeps a Node process alive; this need not.
    if (typeof this.#silenceTimer === "object") this.#silenceTimer.unref?.();
  }

  #end(error: ClientError | null = null): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal?.removeEventListener("abort", this.close);
    this.#drop();
    this.#tell({ state: "closed", attempt: this.#failures, ...(error && { error }) });
  }

  /** Ends the connection and the timers. */
  #drop(): void {
    const connection = this.#connection;
    this.#connection = null;
    for (const timer of [this.#waitTimer, this.#silenceTimer]) if (timer !== null) clearTimeout(timer);
    this.#waitTimer = null;
    this.#silenceTimer = null;
    connection?.abort();
  }

  #tell(status: StreamStatus): void {
    this.#call(() => this.#listener.onState?.(status));
  }

  /** A listener's fault is not the stream's: it surfaces as one that nobody caught. */
  #call(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** @throws bad_answer */
function bodyOf({ status, headers, body }: Response): ReadableStream<Uint8Array> {
  if (body !== null && headers.get("content-type")?.startsWith("text/event-stream")) return body;
  const detail = "The answer is no stream of events: check that the address is that of a Workstream gateway.";
  throw new ClientError({ kind: "bad_answer", status, detail });
}

function endedError(): ClientError {
  return new ClientError({ kind: "unreachable", detail: "The gateway ended the stream." });
}

function parseData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
