import { type GuardedService, isServiceRefused, type TaskContext } from "@workstream/worker";
import type { ChatAnswer, ChatModel, ChatRequest } from "../openrouter/chat-model.ts";
import { estimateRequestTokens } from "../openrouter/estimate-tokens.ts";
import { OpenRouterError } from "../openrouter/openrouter-error.ts";

/** The text as it is written; `onRestart`: what was written so far does not count, it begins anew. */
export type TextStream = { onText: (delta: string) => void; onRestart: () => void };

/** Asks a model under its service's guards. With a stream the answer is streamed. */
export type AskModel = (request: ChatRequest, stream?: TextStream) => Promise<ChatAnswer>;

/** The service does not answer, and whoever asked would rather know than wait. The message is for people. */
export class ServiceOut extends Error {
  override readonly name = "ServiceOut";
}

/**
 * Waits for the service as its guards have it: a call that can't be had now parks the task.
 * @throws OpenRouterError from the answer
 */
export function askPatiently(chat: ChatModel, service: GuardedService): AskModel {
  return (request, stream) => service.call(callOf(chat, request, stream), tokensOf(request));
}

/**
 * As askPatiently, but it waits neither for a service whose breaker is open, nor for one that is down when no retry is
 * left. Where it is only a matter of turns, the task waits for its own.
 * @throws ServiceOut in these two cases · OpenRouterError from the answer
 */
export function askImpatiently(
  chat: ChatModel,
  service: GuardedService,
  { retriesLeft }: Pick<TaskContext, "retriesLeft">,
): AskModel {
  return async (request, stream) => {
    if (isKnownToBeOut(service)) throw breakerIsOpen(service);
    const options = { ...tokensOf(request), refusesWhenOpen: true };
    try {
      return await service.call(callOf(chat, request, stream), options);
    } catch (error) {
      throw serviceOut(error, service, retriesLeft) ?? error;
    }
  };
}

/** The guards make a call again that was under way when the breaker opened. */
function callOf(chat: ChatModel, request: ChatRequest, stream: TextStream | undefined) {
  let isAgain = false;
  return (signal: AbortSignal) => {
    if (isAgain) stream?.onRestart();
    isAgain = true;
    return chat.complete(request, { signal, ...(stream && { onText: stream.onText }) });
  };
}

const tokensOf = (request: ChatRequest) => ({ tokens: estimateRequestTokens(request) });

/** Asking would take a place in the order in which parked tasks come back. Once it may be over the store is asked. */
function isKnownToBeOut(service: GuardedService): boolean {
  const breaker = service.breaker();
  return breaker?.state === "OPEN" && breaker.retryAt !== null && Date.now() < breaker.retryAt;
}

function breakerIsOpen({ name }: GuardedService): ServiceOut {
  return new ServiceOut(`${name} is not asked at present: its breaker is open.`);
}

function serviceOut(error: unknown, service: GuardedService, retriesLeft: number): ServiceOut | undefined {
  if (isServiceRefused(error)) return breakerIsOpen(service);
  if (!(error instanceof OpenRouterError) || retriesLeft > 0) return undefined;
  const isDown = error.errorType === "ServiceUnavailable" || error.errorType === "NetworkTimeout";
  return isDown ? new ServiceOut(error.message) : undefined;
}
