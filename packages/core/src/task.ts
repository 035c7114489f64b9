import type { ErrorType } from "./retry-policy.ts";
import type { Priority } from "./task-names.ts";
import type { TaskState } from "./task-state.ts";

/** What `content` holds: the text itself, the input as JSON, or the name of an uploaded file. */
export type ContentKind = "text" | "json" | "file";

export type ErrorEntry = {
  at: number;
  error: string;
  errorType: ErrorType;
  retryCount: number;
  /** For example "ACTIVE → SCHEDULED". */
  stateTransition: string;
  workerId: string | null;
};

export type StateEntry = { state: TaskState; at: number };

/** A task as the stores give it out. Instants are epoch milliseconds on the store's clock. */
export type Task = {
  id: string;
  type: string;
  queue: string;
  priority: Priority;
  state: TaskState;
  contentKind: ContentKind;
  /** Null in summaries. */
  content: string | null;
  /** Bytes of the content in UTF-8, or of the uploaded file. */
  contentLength: number;
  metadata: Record<string, unknown>;
  retryCount: number;
  maxRetries: number;
  /** Times a worker was lost while it ran this task, in this life of it. */
  lostCount: number;
  lastError: string | null;
  errorType: ErrorType | null;
  /** Of a dead letter: the fingerprint of its cause (error-group.ts). */
  errorGroup: string | null;
  /** When it is due next, while SCHEDULED. */
  retryAfterAt: number | null;
  createdAt: number;
  updatedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  expiresAt: number | null;
  timeoutMs: number | null;
  /** Null in summaries. */
  result: string | null;
  hasResult: boolean;
  /** Whatever the handler last reported, as JSON. */
  progress: string | null;
  workerId: string | null;
  /** What it is parked for: a service, or `cache:` and the digest of a result. Null when it is not parked. */
  parkedFor: string | null;
  /** The same as a sentence for people. */
  parkedWhy: string | null;
  errorHistory: ErrorEntry[];
  stateHistory: StateEntry[];
};

/** Error messages are cut to this many characters before they are stored. */
export const maxErrorLength = 2_000;
/** Entries kept in a task's error history: the first one and the newest. */
export const maxErrorEntries = 50;
/** Text inputs over this size live beside the task, in `input:{id}`. */
export const maxInlineBytes = 64 * 1024;
