import type { OpenRouterStatus, ServiceCheck, ServiceInfo } from "@workstream/core";
import { z } from "zod";
import { CallTimer } from "./call-timer.ts";
import { readRefusal } from "./chat-response.ts";
import { send, textOf } from "./http-exchange.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import type { OpenRouterSettings } from "./openrouter-settings.ts";
import { unreadableAnswer } from "./transport-fault.ts";

const credits = z.number().nullish();

/** `GET /key`: what OpenRouter tells of a key. */
const keySchema = z.object({
  data: z.object({
    limit: credits,
    limit_remaining: credits,
    usage: credits,
    usage_daily: credits,
    usage_monthly: credits,
    free_model_daily_requests: z.object({ remaining: z.number() }).nullish().catch(null),
  }),
});
type KeyFacts = z.output<typeof keySchema>["data"];

/** A check answers a person who waits. */
const checkTimeoutMs = 10_000;

/**
 * Asks OpenRouter about the key. The balance is what is left of the key's own limit: a key without one tells none, and
 * `GET /credits` is refused to keys that may call models.
 */
export function openRouterCheck(settings: OpenRouterSettings): NonNullable<ServiceInfo["check"]> {
  return async (signal) => {
    signal.throwIfAborted();
    const timer = new CallTimer(signal, Math.min(checkTimeoutMs, settings.timeoutMs));
    try {
      return await askForKey(settings, timer.signal);
    } catch (error) {
      if (error instanceof OpenRouterError) return failedCheck(error);
      throw error;
    } finally {
      timer.close();
    }
  };
}

async function askForKey(settings: OpenRouterSettings, signal: AbortSignal): Promise<ServiceCheck> {
  const exchange = await send(settings, { path: "key" }, signal);
  // A server of another make is well when it knows no such page.
  if (exchange.status === 404 || exchange.status === 405) return check("active", "");
  if (exchange.status !== 200) throw await readRefusal(exchange, signal);
  const key = keySchema.safeParse(parse(await textOf(exchange, signal)));
  if (!key.success) throw unreadableAnswer("a description of the key that can't be read", exchange);
  return keyCheck(key.data.data, settings.model);
}

function keyCheck(key: KeyFacts, model: string): ServiceCheck {
  const balance = key.limit_remaining ?? null;
  const usages = {
    balance,
    usageToday: key.usage_daily ?? null,
    usageMonth: key.usage_monthly ?? null,
  };
  if (balance !== null && balance <= 0) {
    return { ...check("credits_exhausted", "The key's credit limit is used up."), ...usages };
  }
  const isOutOfFreeCalls = model.endsWith(":free") && (key.free_model_daily_requests?.remaining ?? 1) <= 0;
  if (isOutOfFreeCalls) {
    return { ...check("rate_limited", "Today's calls of free models are used up."), ...usages };
  }
  return { ...check("active", ""), ...usages };
}

function failedCheck({ state, message, facts }: OpenRouterError): ServiceCheck {
  const told = Object.entries(facts).filter(([, value]) => value !== null);
  const errorDetails = told.map(([name, value]) => `${name}=${value}`).join(" ");
  return { ...check(state, message), errorDetails: errorDetails || null };
}

function check(state: OpenRouterStatus, message: string): ServiceCheck {
  return { state, message, errorDetails: null, balance: null, usageToday: null, usageMonth: null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
