/** The two streams of a gateway. */
import {
  type EventSubscription,
  type StreamKind,
  type StreamListener,
  type StreamOptions,
  subscribe,
} from "./event-subscription.ts";
import { createGapWatch, typeOf } from "./gap-watch.ts";
import { path } from "./query-text.ts";
import type { Transport } from "./transport.ts";

/** Every change in the queues. After a gap, what was read before may be out of date. */
export function queueEvents(
  transport: Transport,
  listener: StreamListener,
  options: StreamOptions = {},
): EventSubscription {
  const isAfterGap = createGapWatch(options.lastEventId ?? null);
  const kind = { ...streamAt(transport, "/api/v1/queues/status/stream"), isAfterGap, isLast: () => false };
  return subscribe(kind, listener, options);
}

/** One task from its beginning to its end. It has no gaps: the gateway tells a reader that comes back all it missed. */
export function taskEvents(
  transport: Transport,
  id: string,
  { listener, options = {} }: { listener: StreamListener; options?: StreamOptions | undefined },
): EventSubscription {
  const isLast = (event: unknown) => ["end", "deleted"].includes(String(typeOf(event)));
  const kind = { ...streamAt(transport, path`/api/v1/tasks/${id}/stream`), isAfterGap: () => false, isLast };
  return subscribe(kind, listener, options);
}

function streamAt(
  transport: Transport,
  at: string,
): Pick<StreamKind, "open" | "connectTimeoutMs" | "random"> {
  return {
    open(lastEventId, signal) {
      // A header holds nothing else; such an id is none of the gateway's.
      const isSendable = lastEventId !== null && /^[\x20-\x7e]+$/.test(lastEventId);
      const headers = { accept: "text/event-stream", ...(isSendable && { "last-event-id": lastEventId }) };
      return transport.open({ path: at, headers }, signal);
    },
    connectTimeoutMs: transport.timeoutMs,
    random: Math.random,
  };
}
