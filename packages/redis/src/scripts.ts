/** Every script by name: its arguments, the fields of its trailing records, and what it replies. */
import type { ExtendOutcome, SettleOutcome } from "@workstream/core";

type Reply = readonly [outcome: string, ...rest: unknown[]];

export type Script<
  Args extends readonly string[] = readonly string[],
  Fields extends readonly string[] = readonly string[],
  R extends Reply = Reply,
> = {
  args: Args;
  record: Fields;
  isRead: boolean;
  /** It runs all the time: Redis keeps it as a function (script-function.ts). */
  isHot: boolean;
  /** Only a type: what the script replies. */
  reply?: R;
};

type Shape<Args, Fields> = { args?: Args; record?: Fields; isRead?: boolean; isHot?: boolean };

/** `script<Reply>()({ args, record })`: the reply is named, the rest inferred. */
function script<R extends Reply>() {
  return <const Args extends readonly string[] = [], const Fields extends readonly string[] = []>(
    shape: Shape<Args, Fields>,
  ): Script<Args, Fields, R> => ({
    args: shape.args ?? ([] as unknown as Args),
    record: shape.record ?? ([] as unknown as Fields),
    isRead: shape.isRead ?? false,
    isHot: shape.isHot ?? false,
  });
}

const claimArgs = ["workerId", "leaseMs", "claimLimit", "share", "onlyLane", "queues"] as const;
/** Index, from 1, outcome, id and state of each task that was not simply created as PENDING, in turn. */
export type ExceptionReply = (number | string)[];
/** Index, from 1, and outcome of each attempt that was not settled, in turn. */
export type UnsettledReply = readonly (number | SettleOutcome)[];
/** Runs of lua/lib/claim-reply.lua. */
export type ClaimedRun = readonly string[];

/** A guard's policy; "" for a limit that there is none of. */
export const policyArgs = [
  "service",
  "requests",
  "intervalMs",
  "tokenRequests",
  "tokenIntervalMs",
  "failureThreshold",
  "volumeThreshold",
  "windowMs",
  "openMs",
  "probes",
  "probeMs",
  "rampMs",
] as const;

export const callFields = [
  "turn",
  "outcome",
  "holdMs",
  "learnedRequests",
  "learnedIntervalMs",
  "tokensUsed",
  "serviceState",
  "message",
  "promptTokens",
  "completionTokens",
  "cost",
] as const;

/** Instants are epoch ms; null: none. */
export type BreakerReply = readonly [
  state: string,
  version: number,
  failures: number,
  successes: number,
  openedAt: number,
  retryAt: number | null,
  closedAt: number | null,
  probes: number,
];
/** {}, or requests, intervalMs, configured requests and intervalMs, tokens, holdUntil, waitMs */
export type LimiterReply = readonly (string | number)[];
type Answered = ["answered", breaker: BreakerReply, answers: (string | number)[]];

export type GroupReply = readonly [
  group: string,
  count: number,
  firstDeath: string,
  lastDeath: string,
  ids: string[],
];

type Managed = ["done", from: string, to: string] | ["refused", state: string] | ["not_found"];

export const scripts = {
  enqueue: script<["accepted" | "refused", ...ExceptionReply]>()({ args: ["isBatch", "tasks"], isHot: true }),
  "accept-batch": script<["accepted", ...ExceptionReply]>()({ args: ["batchId"] }),
  "stage-batch": script<["staged" | "refused", staged: number, ...ExceptionReply]>()({
    args: ["batchId", "tasks"],
  }),
  "commit-batch": script<["committed" | "gone"]>()({ args: ["batchId", "length"] }),
  "apply-batch": script<["applied", left: number, ...ExceptionReply]>()({ args: ["batchId"] }),

  claim: script<["claimed", ClaimedRun[]]>()({ args: claimArgs, isHot: true }),
  settle: script<["settled", UnsettledReply]>()({ args: ["workerId"], isHot: true }),
  "settle-and-claim": script<["settled", UnsettledReply, ClaimedRun[]]>()({ args: claimArgs, isHot: true }),
  extend: script<["extended", ExtendOutcome[]]>()({
    args: ["workerId", "leaseMs"],
    record: ["id", "token", "progress", "begun"],
  }),
  "extend-worker": script<["extended", count: number]>()({ args: ["workerId", "leaseMs"] }),
  recover: script<["recovered", count: number]>()({ args: ["workerId"], record: ["id", "token"] }),
  wake: script<["woken"]>()({ args: ["queue", "lane"] }),

  cancel: script<Managed>()({ args: ["id", "reason"] }),
  retry: script<Managed>()({ args: ["id", "resetsRetries"] }),
  delete: script<["deleted", from: string] | ["not_found"]>()({ args: ["id"] }),
  pause: script<["paused", changed: number]>()({ args: ["queue"] }),
  resume: script<["resumed", changed: number]>()({ args: ["queue"] }),
  requeue: script<["requeued", count: number]>()({ record: ["id", "updatedAt"] }),

  "create-operation": script<["created" | "too_many"]>()({
    args: ["id", "owner", "leaseMs", "request", "total", "isEstimate", "maxOperations"],
  }),
  "claim-operation": script<["claimed", id: string] | ["none"]>()({ args: ["owner", "leaseMs"] }),
  operate: script<["more" | "ended" | "lease_lost", handled: number]>()({
    args: [
      ...["id", "owner", "leaseMs", "action", "resetsRetries", "reason"],
      ...["state", "asOf", "cursor", "isLast"],
    ] as const,
    record: ["task", "isMatch", "cursor"],
  }),
  "end-operation": script<["done" | "refused"]>()({ args: ["id", "owner", "state", "error"] }),

  promote: script<["promoted", count: number, nextDueInMs: number, unappliedBatch: string]>()({
    args: ["limit"],
  }),
  reap: script<["reaped" | "waiting", requeued: number, buried: number]>()({
    args: ["leaseMs", "maxLostWorkers", "limit"],
  }),
  "error-groups": script<
    ["groups", total: number, deadLetters: number, ungrouped: number, groups: GroupReply[]]
  >()({ args: ["limit", "samples"] }),
  "group-dead-letters": script<["grouped", count: number]>()({ record: ["id", "errorType", "message"] }),

  prune: script<["pruned", count: number]>()({ args: ["limit"], record: ["state", "maxAgeMs", "maxCount"] }),
  "sweep-uploads": script<["swept", count: number]>()({ args: ["limit"] }),

  upload: script<["written" | "taken" | "full" | "out_of_step"]>()({
    args: ["id", "offset", "maxInputBytes", "chunk"],
  }),
  "discard-upload": script<["discarded"]>()({ args: ["id"] }),

  "append-output": script<["appended" | "lease_lost"]>()({
    args: ["workerId", "id", "token", "maxEntries", "maxBytes", "keptMs"],
    record: ["kind", "text"],
  }),
  "write-step": script<["written" | "lease_lost" | "full"]>()({
    args: ["workerId", "id", "token", "name", "value", "maxBytes", "keptMs"],
  }),

  "begin-cached": script<["hit", result: string] | ["mine"] | ["busy", waitMs: number]>()({
    args: ["digest", "owner", "flightMs"],
  }),
  "put-cached": script<["stored" | "lost"]>()({
    args: ["digest", "owner", "ttlMs", "maxResults", "maxBytes", "result"],
  }),
  "abandon-cached": script<["abandoned" | "lost"]>()({ args: ["digest", "owner"] }),

  beat: script<["beaten"]>()({ args: ["workerId"], record: ["field", "value"] }),
  leave: script<["left"]>()({ args: ["workerId"] }),

  "configure-guard": script<["configured"]>()({ args: policyArgs }),
  "acquire-turns": script<Answered>()({
    args: [...policyArgs, "maxWaitMs", "nonce"],
    record: ["cost", "isReturning", "tokens", "isCold"],
    isHot: true,
  }),
  "confirm-turns": script<Answered>()({ args: [...policyArgs, "maxWaitMs", "nonce"], record: ["turn"] }),
  "cancel-turns": script<["cancelled"]>()({ args: policyArgs, record: ["turn"] }),
  "record-calls": script<["recorded", BreakerReply]>()({
    args: policyArgs,
    record: callFields,
    isHot: true,
  }),
  "force-open": script<["opened", BreakerReply]>()({ args: ["service"] }),
  "reset-breaker": script<["reset", BreakerReply]>()({ args: ["service"] }),
  "change-limit": script<["changed"]>()({ args: ["service", "requests", "intervalMs"] }),
  "read-guards": script<["guards", guards: (string | BreakerReply | LimiterReply)[]]>()({
    args: ["service"],
    isRead: true,
  }),
  "begin-check": script<["begun" | "taken"]>()({ args: ["service", "leaseMs"] }),
  "write-check": script<["written"]>()({
    args: [
      "service",
      "state",
      "message",
      "errorDetails",
      "balance",
      "usageToday",
      "usageMonth",
      "warningLevel",
      "criticalLevel",
      "toldStandsMs",
    ],
  }),

  status: script<["status", queues: (string | number)[], states: (string | number)[], ratio: number]>()({
    isRead: true,
  }),
  "queue-overview": script<["queues", (string | number | string[])[]]>()({ record: ["queue"], isRead: true }),
  "page-zset": script<["page", total: number, ids: string[]]>()({
    args: ["key", "from", "to", "order", "offset", "afterScore", "afterId", "limit"],
    isRead: true,
  }),
  "match-tasks": script<["matched", ...(string | number | null)[]]>()({
    args: ["told"],
    record: ["field", "wanted", "otherwise"],
    isRead: true,
  }),
} as const satisfies Record<string, Script>;

export type ScriptName = keyof typeof scripts;
export type ReplyOf<Name extends ScriptName> = NonNullable<(typeof scripts)[Name]["reply"]>;
