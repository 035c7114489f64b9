import {
  addCompletion,
  type Completion,
  completionSchema,
  errorIn,
  nothingRead,
  type ReadAnswer,
  reportedUsage,
} from "./chat-completion.ts";
import { EventDecoder } from "./event-decoder.ts";
import { bytesOf, type HttpExchange, textOf } from "./http-exchange.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import { type FaultOrigin, reportedFault, unexplainedFault } from "./reported-fault.ts";
import { cutStream, unreadableAnswer } from "./transport-fault.ts";

const endMark = "[DONE]";

/** Reads a plain answer. @throws OpenRouterError for one that is an error, or none at all */
export async function readPlain(exchange: HttpExchange, signal: AbortSignal): Promise<ReadAnswer> {
  return addCompletion(nothingRead, parseCompletion(await textOf(exchange, signal), exchange));
}

export type StreamListener = {
  onBytes(): void;
  onText(delta: string): void;
  /** The answer is whole; what the server still has to say is waited for, and not needed. */
  onEnd(): void;
};

/**
 * Reads a streamed answer to its end mark, or to the end of the stream if the answer is finished by then.
 * @throws OpenRouterError for an error inside the stream, a piece that can't be read, or a stream that was cut
 */
export async function readStream(
  exchange: HttpExchange,
  signal: AbortSignal,
  listener: StreamListener,
): Promise<ReadAnswer> {
  const events = eventsOf(exchange, signal, listener);
  let read = nothingRead;
  for (let event = await events.next(); !event.done; event = await events.next()) {
    if (event.value === endMark) {
      listener.onEnd();
      await drain(events);
      return read;
    }
    const length = read.text.length;
    read = addCompletion(read, parseCompletion(event.value, exchange));
    if (read.text.length > length) listener.onText(read.text.slice(length));
  }
  if (read.finishReason === null) throw cutStream(exchange);
  return read;
}

/** A connection is kept for the next call only when its answer was read to the end. */
async function drain(events: AsyncGenerator<string>): Promise<void> {
  try {
    for await (const _ of events);
  } catch {
    // The answer is there already.
  }
}

/** The fault in an answer whose status is an error. @throws the caller's reason */
export async function readRefusal(exchange: HttpExchange, signal: AbortSignal): Promise<OpenRouterError> {
  const body = await textOf(exchange, signal).catch(nothingIfBroken);
  const error = errorField(body);
  return error === undefined ? unexplainedFault(body, exchange) : reportedFault(error, exchange);
}

/** The status says enough when the body of an error is cut. */
function nothingIfBroken(error: unknown): string {
  if (error instanceof OpenRouterError) return "";
  throw error;
}

function errorField(body: string): unknown {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === "object" && answer !== null && "error" in answer ? answer.error : undefined;
  } catch {
    return undefined;
  }
}

async function* eventsOf(
  exchange: HttpExchange,
  signal: AbortSignal,
  { onBytes }: StreamListener,
): AsyncGenerator<string> {
  const events = new EventDecoder();
  for await (const bytes of bytesOf(exchange, signal)) {
    onBytes();
    yield* decode(events, bytes, exchange);
  }
  // Some servers leave out the last empty line; what a cut left behind is no JSON.
  yield* events.end().filter((data) => data === endMark || isJson(data));
}

function decode(events: EventDecoder, bytes: Uint8Array, origin: FaultOrigin): string[] {
  try {
    return events.decode(bytes);
  } catch {
    throw unreadableAnswer("a stream without line ends", origin);
  }
}

/** @throws OpenRouterError for text that is no completion, and for a completion that is an error */
function parseCompletion(text: string, origin: FaultOrigin): Completion {
  if (!isJson(text)) throw unreadableAnswer("an answer that is not JSON", origin);
  const parsed = completionSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw unreadableAnswer("an answer of an unknown shape", origin);
  const error = errorIn(parsed.data);
  if (error === undefined) return parsed.data;
  const { usage } = parsed.data;
  throw reportedFault(error, { ...origin, usage: usage ? reportedUsage(usage) : null });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
