import { type CallRecord, isRateLimit, type Turn } from "@workstream/core";
import type { CallVerdict, EndedCall, ServiceDefinition } from "../definition/service-definition.ts";
import { verdictOf } from "../definition/verdict.ts";
import type { Logger } from "../logger.ts";

const outcomes: ReadonlySet<unknown> = new Set(["success", "failure", "ignored"]);

type Reading = { call: EndedCall; isAborted: boolean; logger: Logger };

/**
 * What an ended call says of its service.
 * @param reading.isAborted we stopped it ourselves: then a failure says nothing of the service, unless it was slow
 */
export function readCall(service: ServiceDefinition, { call, isAborted, logger }: Reading): CallVerdict {
  if (isParking(call)) return { outcome: "ignored" };
  const verdict = classified(service, call, logger);
  const isSlow = service.slowCallMs !== null && call.durationMs > service.slowCallMs;
  if (isSlow) return { ...verdict, outcome: "failure" };
  if (isAborted && verdict.outcome === "failure") return { ...verdict, outcome: "ignored", state: "" };
  return verdict;
}

function classified({ name, classify }: ServiceDefinition, call: EndedCall, logger: Logger): CallVerdict {
  try {
    const verdict = classify(call);
    if (!outcomes.has(verdict.outcome)) throw new TypeError(`There is no outcome "${verdict.outcome}".`);
    return verdict;
  } catch (error) {
    logger.error({ err: error, service: name }, "classify is at fault; the call counts by whether it threw");
    return { outcome: call.kind === "returned" ? "success" : "failure" };
  }
}

/** A call of another service, made within this one, was sent away. */
function isParking(call: EndedCall): boolean {
  return call.kind === "threw" && verdictOf(call.error)?.kind === "park";
}

const maxHoldMs = 24 * 3_600_000;
const maxMessageLength = 500;

/** The record that the stores keep. A verdict may come from plain JavaScript: what makes no sense in it is left out. */
export function recordOf(turn: Turn, verdict: CallVerdict): CallRecord {
  const holdMs = amount(verdict.holdMs);
  return {
    turn,
    outcome: verdict.outcome,
    holdMs: holdMs === null ? null : Math.min(maxHoldMs, Math.ceil(holdMs)),
    learnedLimit: isRateLimit(verdict.learnedLimit) ? verdict.learnedLimit : null,
    tokensUsed: amount(verdict.tokensUsed),
    serviceState: typeof verdict.state === "string" && verdict.state !== "" ? verdict.state : null,
    message: String(verdict.message ?? "").slice(0, maxMessageLength),
    promptTokens: amount(verdict.promptTokens) ?? 0,
    completionTokens: amount(verdict.completionTokens) ?? 0,
    cost: amount(verdict.cost) ?? 0,
  };
}

function amount(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : null;
}
