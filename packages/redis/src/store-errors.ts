/** What an error of ioredis or of Redis itself means for the task at hand. */
import { WorkstreamError } from "@workstream/core";

export type CommandKind = "read" | "write";

const unanswered = "No answer came in time.";

export function unansweredError(): Error {
  return new Error(unanswered);
}

/** ioredis' words for a command that it never wrote. */
const notSent =
  /enableOfflineQueue options is false|isn't ready and enableOfflineQueue|No subscriber for the cluster/;
/** Redis' words for a command that it refused before running it; the last are ioredis', each node having sent it on to another. */
const refused =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|NOPERM|UNBLOCKED|Too many Cluster redirections)\b/;
/** ioredis' words for a connection that ended before the answer. */
const cut =
  /Connection is closed|Command timed out|MaxRetriesPerRequest|max retries per request|Command aborted|ECONNRESET|EPIPE|ETIMEDOUT/;
const migrating = /non local key|^(ASK|MOVED)\b/;

/** Redis answered, and would not have us: the address is right, but not what the URL says beside it. */
const refusals: readonly [fault: RegExp, text: string][] = [
  [
    /\b(NOAUTH|WRONGPASS|NOPERM)\b|invalid password/i,
    "refuses the login: check the user name and password in its URL",
  ],
  [/DB index is out of range/i, "has no such database: check the number at the end of its URL"],
];

/** @param fault what the connection last ran into; empty when nothing is known */
export function unreachableError(where: string, fault: string): WorkstreamError {
  const refusal = refusals.find(([pattern]) => pattern.test(fault));
  const reason = fault === "" ? "" : `: ${fault}`;
  const text = refusal
    ? `Redis at ${where} ${refusal[1]}.`
    : `Redis can't be reached at ${where}${reason}. Start it, or correct its URL.`;
  return new WorkstreamError("store_unavailable", text);
}

export function storeError(error: unknown, kind: CommandKind, where: string): Error {
  if (error instanceof WorkstreamError) return error;
  const { message } = error instanceof Error ? error : new Error(String(error));
  const options = { cause: error };
  if (/^OOM\b/.test(message)) {
    const text = `Redis at ${where} is out of memory (maxmemory); nothing new is accepted until there is room.`;
    return new WorkstreamError("store_full", text, options);
  }
  if (notSent.test(message) || refused.test(message)) {
    return new WorkstreamError(
      "store_unavailable",
      `Redis at ${where} can't take commands now: ${message}`,
      options,
    );
  }
  if (message === unanswered || cut.test(message) || migrating.test(message)) {
    return kind === "read"
      ? new WorkstreamError("store_unavailable", `Redis at ${where} did not answer.`, options)
      : new WorkstreamError(
          "outcome_unknown",
          `Redis at ${where} did not answer: it may or may not have done this.`,
          options,
        );
  }
  return error instanceof Error ? error : new Error(message, options);
}
