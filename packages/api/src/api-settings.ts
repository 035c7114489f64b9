/** What the gateway is told at its start. The program fills it from its configuration. */
import { defaultOperationSettings, type OperationSettings } from "./operation-runner.ts";
import { defaultServiceStatusSettings, type ServiceStatusSettings } from "./service-status.ts";

/** What a key may do: read everything · also create tasks · also manage tasks and queues. */
export const roles = ["reader", "submitter", "operator"] as const;
export type Role = (typeof roles)[number];

/** `role` absent: operator. */
export type ApiKey = { key: string; role?: Role };

export type AuthSettings = { mode: "off" } | { mode: "keys"; keys: readonly ApiKey[] };

export type EventStreamSettings = {
  /** A heartbeat goes out after this long without another event. */
  heartbeatMs: number;
  /** Events are sent at most this often; in between they are thinned. */
  flushMs: number;
  /** How often the status is read while someone listens: pub/sub loses messages, and a lost store must be noticed. */
  resyncMs: number;
  /** Task events sent at most in one flush; the newest are kept. */
  maxTaskEvents: number;
  /** What is kept for readers that come back: this many events, and none older than this. */
  maxLogEvents: number;
  maxLogAgeMs: number;
  maxReaders: number;
  /** How often a running task that someone follows is looked at for progress, which is not published. */
  progressMs: number;
  /** A reader with more than this unsent is dropped. */
  maxBufferedBytes: number;
};

export type ApiSettings = {
  version: string;
  auth: AuthSettings;
  /** Host names (without port) that requests may name; null for any. Guards a loopback gateway against DNS rebinding. */
  allowedHosts: readonly string[] | null;
  /** Allowed beside localhost and 127.0.0.1 on the dashboard's and Vite's ports. */
  corsOrigins: readonly string[];
  dashboardPort: number;
  /** Where browsers that open `/` are sent; null when no dashboard is served. */
  dashboardUrl: string | null;
  maxUploadBytes: number;
  /** JSON body of a single request, and of a batch. */
  maxBodyBytes: number;
  maxBatchBytes: number;
  /** Text or JSON input of one task, in UTF-8. */
  maxContentBytes: number;
  /** Tasks that may wait in one queue, or be scheduled, before new ones are answered 429; null for no limit. */
  maxQueueDepth: number | null;
  /** Retries of tasks whose type and caller say nothing. */
  defaultMaxRetries: number;
  /** The time a whole request may take to arrive. */
  requestTimeoutMs: number;
  stream: EventStreamSettings;
  services: ServiceStatusSettings;
  operations: OperationSettings;
};

export const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"] as const;

export const defaultStreamSettings: EventStreamSettings = {
  heartbeatMs: 15_000,
  flushMs: 250,
  resyncMs: 5_000,
  maxTaskEvents: 50,
  maxLogEvents: 2_000,
  maxLogAgeMs: 30_000,
  maxReaders: 10_000,
  progressMs: 1_000,
  maxBufferedBytes: 1024 * 1024,
};

export const defaultApiSettings: ApiSettings = {
  version: "0.0.0",
  auth: { mode: "off" },
  allowedHosts: loopbackHosts,
  corsOrigins: [],
  dashboardPort: 3000,
  dashboardUrl: null,
  maxUploadBytes: 50 * 1024 * 1024,
  // A text of 1 MB takes up to six times that in JSON, all of it escaped.
  maxBodyBytes: 8 * 1024 * 1024,
  maxBatchBytes: 32 * 1024 * 1024,
  maxContentBytes: 1024 * 1024,
  maxQueueDepth: null,
  defaultMaxRetries: 3,
  requestTimeoutMs: 600_000,
  stream: defaultStreamSettings,
  services: defaultServiceStatusSettings,
  operations: defaultOperationSettings,
};
