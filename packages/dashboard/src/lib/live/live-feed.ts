/**
 * The one event stream of the page.
 *
 * Events are checked, folded into a batch, and the batch is handed on once a frame: one write to the query cache however
 * many events came. The stream rests while the page is hidden or its user paused it, and goes on where it left off; when
 * the gateway can't go on from there, everything that was read is read anew.
 */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { EventSubscription, QueueEvent, StreamState, StreamStatus } from "@workstream/client";
import { subscribeToApiKey } from "../api-key.ts";
import { client } from "../client.ts";
import { preferences, subscribeToPreferences } from "../preferences.ts";
import { announceUnauthorized } from "../unauthorized.ts";
import { applyEvent, type LiveBatch, type LiveStatus, newBatch, type TaskNews } from "./live-state.ts";
import { parseQueueEvent } from "./queue-event.ts";

export const liveStatusQuery = queryOptions({
  queryKey: ["live", "status"],
  queryFn: async ({ signal }): Promise<LiveStatus> => {
    const { queues, states, retry_ratio: retryRatio } = await client.queues.status({ signal });
    return { queues, states, retryRatio, toldAt: Date.now() };
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export type Connection = {
  /** `storeless`: the gateway answers, and has lost its store; what was told before may be old. */
  state: StreamState | "paused" | "hidden" | "storeless";
  /** When the next attempt to connect is made, epoch ms. */
  retryAt: number | null;
  /** When the last event came, heartbeats too, epoch ms by this machine's clock. */
  heardAt: number | null;
  error: string | null;
};

const keyWanted = "The gateway wants a key: enter one in the settings.";

type TaskListener = (news: readonly TaskNews[]) => void;

export class LiveFeed {
  readonly #queries: QueryClient;
  readonly #connectionListeners = new Set<() => void>();
  readonly #taskListeners = new Set<TaskListener>();
  #connection: Connection = { state: "connecting", retryAt: null, heardAt: null, error: null };
  #subscription: EventSubscription | null = null;
  #batch: LiveBatch | null = null;
  #frame: number | null = null;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  /** Answers how to stop. */
  start(): () => void {
    const rest = () => this.#rest();
    document.addEventListener("visibilitychange", rest);
    const unsubscribes = [subscribeToPreferences(rest), subscribeToApiKey(() => this.#open())];
    this.#open();
    return () => {
      document.removeEventListener("visibilitychange", rest);
      for (const unsubscribe of unsubscribes) unsubscribe();
      this.#subscription?.close();
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    };
  }

  /** Connects now instead of when the backoff is over. */
  retryNow(): void {
    this.#subscription?.retryNow();
  }

  connection = (): Connection => this.#connection;

  subscribeToConnection = (listener: () => void): (() => void) => {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  };

  /** News of tasks, once a frame. A burst is thinned by the gateway: counts are exact, single news are not promised. */
  subscribeToTasks = (listener: TaskListener): (() => void) => {
    this.#taskListeners.add(listener);
    return () => this.#taskListeners.delete(listener);
  };

  /** Anew with another key: a stream that was refused is over. */
  #open(): void {
    this.#subscription?.close();
    this.#subscription = client.queueEvents({
      onEvent: (value) => this.#take(value),
      onState: (state) => this.#note(state),
      onGap: () => void this.#queries.invalidateQueries(),
    });
    this.#rest();
  }

  #rest(): void {
    const mayRun = preferences().isLive && !document.hidden;
    if (mayRun) this.#subscription?.resume();
    else this.#subscription?.pause();
    if (!mayRun) this.#change({ state: document.hidden ? "hidden" : "paused", retryAt: null });
  }

  #note({ state, retryInMs, error }: StreamStatus): void {
    if (!preferences().isLive || document.hidden) return;
    const isRefused = error?.status === 401;
    if (isRefused) announceUnauthorized();
    const retryAt = retryInMs === undefined ? null : Date.now() + retryInMs;
    this.#change({ state, retryAt, error: isRefused ? keyWanted : (error?.message ?? null) });
  }

  #take(value: unknown): void {
    const event = parseQueueEvent(value);
    if (event === null) return;
    this.#hear(event);
    const known = this.#queries.getQueryData(liveStatusQuery.queryKey) ?? null;
    this.#batch = applyEvent(this.#batch ?? newBatch(), event, known);
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  /** A heartbeat tells of the gateway alone: without its store nothing that is shown is as it is now. */
  #hear(event: QueueEvent): void {
    if (event.type === "error") this.#change({ state: "storeless", error: event.message });
    const isStoreless = this.#connection.state === "storeless";
    if (isStoreless && (event.type === "error" || event.type === "heartbeat")) return;
    if (isStoreless) this.#change({ state: "open", error: null });
    this.#connection = { ...this.#connection, heardAt: Date.now() };
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = null;
    this.#frame = null;
    this.#tellConnection();
    if (batch === null) return;
    if (batch.status !== null) this.#queries.setQueryData(liveStatusQuery.queryKey, batch.status);
    if (batch.services.length > 0) void this.#queries.invalidateQueries({ queryKey: ["services"] });
    if (batch.tasks.length > 0) for (const listener of this.#taskListeners) listener(batch.tasks);
  }

  #change(change: Partial<Connection>): void {
    this.#connection = { ...this.#connection, ...change };
    this.#tellConnection();
  }

  #tellConnection(): void {
    for (const listener of this.#connectionListeners) listener();
  }
}
