import { CallTimeout } from "./call-timer.ts";
import { faultMeanings } from "./fault-kind.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import { endpoint, type OpenRouterSettings } from "./openrouter-settings.ts";
import type { FaultOrigin } from "./reported-fault.ts";
import { transportFault, unreadableAnswer } from "./transport-fault.ts";

/** An answer whose headers have come, and whose body may still be under way. */
export type HttpExchange = FaultOrigin & { body: Response["body"]; contentType: string };

export type HttpRequest = {
  path: string;
  /** Sent by POST as JSON; absent: GET. */
  body?: unknown;
};

/** Answers are bounded, whoever sends them. */
const maxAnswerBytes = 16 * 1024 * 1024;

/**
 * Sends one request with the key. Any status is an answer.
 * @param signal aborted with a CallTimeout when time is up, or by the caller with a reason of its own
 * @throws OpenRouterError when no answer comes · the caller's reason
 */
export async function send(
  settings: OpenRouterSettings,
  { path, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpExchange> {
  const apiKey = usableKey(settings);
  const url = endpoint(settings, path);
  const { host } = new URL(url);
  try {
    // A redirect would carry the prompt elsewhere, and a POST would arrive there as a GET.
    const init = { headers: headersFor(apiKey), signal, redirect: "manual" as const };
    const post = { ...init, method: "POST", body: JSON.stringify(body) };
    const response = await fetch(url, body === undefined ? init : post);
    const contentType = response.headers.get("content-type") ?? "";
    return {
      host,
      status: response.status,
      headers: response.headers,
      apiKey,
      body: response.body,
      contentType,
    };
  } catch (error) {
    throw interruption(error, host, signal);
  }
}

/** The body's bytes. @throws OpenRouterError when it breaks off or exceeds 16 MB · the caller's reason */
export async function* bytesOf(exchange: HttpExchange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let byteCount = 0;
  try {
    for await (const bytes of exchange.body ?? []) {
      byteCount += bytes.length;
      if (byteCount > maxAnswerBytes) throw unreadableAnswer("more than 16 MB", exchange);
      yield bytes;
    }
  } catch (error) {
    throw error instanceof OpenRouterError ? error : interruption(error, exchange.host, signal);
  }
}

/** @throws as `bytesOf` does */
export async function textOf(exchange: HttpExchange, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of bytesOf(exchange, signal)) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

function headersFor(apiKey: string): Record<string, string> {
  return { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
}

/** fetch names a key that can't stand in a header in its own error, so it never gets one. */
function usableKey({ apiKey }: OpenRouterSettings): string {
  if (apiKey === null) {
    throw new OpenRouterError({ ...faultMeanings.key_missing, message: "No key is set for OpenRouter." });
  }
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  const message = "The key for OpenRouter holds characters that no key has.";
  throw new OpenRouterError({ ...faultMeanings.key_invalid, message });
}

function interruption(error: unknown, host: string, signal: AbortSignal): unknown {
  if (!signal.aborted) return transportFault(error, host);
  return signal.reason instanceof CallTimeout ? transportFault(signal.reason, host) : signal.reason;
}
