import { openRouterName } from "@workstream/core";
import { type CallVerdict, defineService, type EndedCall, type ServiceDefinition } from "@workstream/worker";
import { z } from "zod";
import { OpenRouterError } from "./openrouter-error.ts";
import type { OpenRouterSettings } from "./openrouter-settings.ts";

/** The guard around all calls of one key: its limits, its breaker, and how it reads a call's end. */
export function openRouterService(settings: OpenRouterSettings): ServiceDefinition {
  const { limit, tokenLimit, timeoutMs } = settings;
  // A probe is one call: it is not given up before the call would be.
  const breaker = { probeMs: Math.ceil(timeoutMs) + probeSlackMs, ...settings.breaker };
  return defineService({
    name: openRouterName,
    limit,
    tokenLimit,
    breaker,
    classify: classifyChatCall,
  });
}

const probeSlackMs = 5_000;

const answered = z.object({
  usage: z.object({ promptTokens: z.number(), completionTokens: z.number(), cost: z.number() }),
});

/** What one ended call says of the service. An abort and a fault of our own say nothing. */
export function classifyChatCall(call: EndedCall): CallVerdict {
  if (call.kind === "returned") return { outcome: "success", state: "active", ...billing(call.value) };
  return call.error instanceof OpenRouterError ? verdictOn(call.error) : { outcome: "ignored" };
}

function verdictOn(error: OpenRouterError): CallVerdict {
  const { isServiceFault, state, message, holdMs, learnedLimit } = error;
  return {
    outcome: isServiceFault ? "failure" : "ignored",
    state,
    // An input that was refused says nothing against the service.
    message: state === "active" ? "" : message,
    ...(holdMs !== null && { holdMs }),
    ...(learnedLimit !== null && { learnedLimit }),
    ...(isUncharged(error) && { tokensUsed: 0 }),
    ...billing(error),
  };
}

/** No answer can have been made: the request was refused, or reached nobody. Its estimate goes back to the limiter. */
function isUncharged({ facts: { status, code } }: OpenRouterError): boolean {
  if (status === null) return code !== null && unreachedCodes.has(code);
  return status >= 400 && status < 500 && status !== timedOutStatus;
}
const unreachedCodes = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"],
]);
/** It was under way for a while, and may be charged. */
const timedOutStatus = 408;

/** By its shape: what a call returns is the caller's choice. */
function billing(value: unknown): Partial<CallVerdict> {
  const { data } = answered.safeParse(value);
  if (!data) return {};
  const { promptTokens, completionTokens } = data.usage;
  return { ...data.usage, tokensUsed: promptTokens + completionTokens };
}
