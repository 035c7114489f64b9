/**
 * A language model behind OpenRouter's chat completions, or behind any server that speaks them.
 *
 * One call is one request: no retry, no guard, no state. Whatever goes wrong becomes an OpenRouterError that says what
 * it means for the task, for the service's status and for the breaker; only the caller's own abort is passed on.
 */
import { CallTimer } from "./call-timer.ts";
import { chatBody } from "./chat-body.ts";
import type { ReadAnswer } from "./chat-completion.ts";
import type { ChatAnswer, ChatModel, ChatRequest } from "./chat-model.ts";
import { readPlain, readRefusal, readStream } from "./chat-response.ts";
import { completedAnswer } from "./completed-answer.ts";
import { contextTokensOf } from "./default-model.ts";
import { type HttpExchange, send } from "./http-exchange.ts";
import { defaultPhaseLimits, type OpenRouterSettings } from "./openrouter-settings.ts";

/** For a server to end its stream after the end mark. */
const closingMs = 1_000;

type CallOptions = Parameters<ChatModel["complete"]>[1];
type OnText = CallOptions["onText"];

export function openRouterChat(settings: OpenRouterSettings): ChatModel {
  return {
    model: settings.model,
    contextTokens: contextTokensOf(settings.model),
    complete: (request, options) => complete(settings, request, options),
  };
}

async function complete(
  settings: OpenRouterSettings,
  request: ChatRequest,
  { signal, onText }: CallOptions,
): Promise<ChatAnswer> {
  signal.throwIfAborted();
  const timer = new CallTimer(signal, settings.timeoutMs);
  try {
    const exchange = await open(settings, request, { timer, isStream: onText !== undefined });
    if (!isWell(exchange)) throw await readRefusal(exchange, timer.signal);
    const read = await readAnswer(exchange, settings, { timer, onText });
    return completedAnswer(read, exchange, { request, model: settings.model });
  } finally {
    timer.close();
  }
}

const isWell = ({ status }: HttpExchange): boolean => status >= 200 && status < 300;

function open(
  settings: OpenRouterSettings,
  request: ChatRequest,
  { timer, isStream }: { timer: CallTimer; isStream: boolean },
): Promise<HttpExchange> {
  if (isStream) {
    const { firstByteMs } = { ...defaultPhaseLimits, ...settings.phaseLimits };
    timer.expect(firstByteMs, `no answer began within ${firstByteMs} ms`);
  }
  const body = chatBody(settings, request, isStream);
  return send(settings, { path: "chat/completions", body }, timer.signal);
}

/** By what came, not by what was asked: a server may answer a streamed request at once. */
function readAnswer(
  exchange: HttpExchange,
  settings: OpenRouterSettings,
  { timer, onText }: { timer: CallTimer; onText: OnText },
): Promise<ReadAnswer> {
  const { idleMs } = { ...defaultPhaseLimits, ...settings.phaseLimits };
  if (!exchange.contentType.startsWith("text/event-stream")) {
    timer.rest();
    return readWhole(exchange, timer.signal, onText);
  }
  timer.expect(idleMs, `the answer stood still for ${idleMs} ms`);
  const listener = {
    onBytes: () => timer.renew(),
    onText: onText ?? (() => {}),
    onEnd: () => timer.expect(closingMs, "the connection stayed open"),
  };
  return readStream(exchange, timer.signal, listener);
}

async function readWhole(exchange: HttpExchange, signal: AbortSignal, onText: OnText): Promise<ReadAnswer> {
  const read = await readPlain(exchange, signal);
  if (read.text !== "") onText?.(read.text);
  return read;
}
