import type { QueueEvent } from "@workstream/core";

export type ReceivedEvent<E = QueueEvent> = { id: string; event: E };

export type EventReader<E = QueueEvent> = {
  status: number;
  headers: Headers;
  /** Everything received so far. */
  events: ReceivedEvent<E>[];
  /** Waits for the first event, received or to come, that `isIt`. @throws after 5 s, or when the stream has ended */
  next(isIt: (event: E) => boolean): Promise<ReceivedEvent<E>>;
  /** Resolves when the gateway ends the stream. */
  ended: Promise<void>;
  close(): void;
};

/** Reads a stream as a program does that has no EventSource: strictly by the contract, so a slip shows. */
export async function readEvents<E extends { type: string } = QueueEvent>(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventReader<E>> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: ReceivedEvent<E>[] = [];
  let arrived = () => {};
  let hasEnded = false;
  const ended = (async () => {
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      events.push(...frames.map((frame) => parseFrame<E>(frame)));
      arrived();
    }
  })()
    .catch(() => {})
    .finally(() => {
      hasEnded = true;
      arrived();
    });
  const next = async (isIt: (event: E) => boolean) => {
    const deadline = performance.now() + 5_000;
    for (;;) {
      const found = events.find(({ event }) => isIt(event));
      if (found) return found;
      const leftMs = deadline - performance.now();
      if (hasEnded || leftMs <= 0) {
        const last = events.slice(-20).map(({ event }) => event.type);
        const why = hasEnded ? "The stream ended" : "Five seconds passed";
        throw new Error(`${why} without it, ${events.length} events in all, at last ${last.join(", ")}.`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    events,
    next,
    ended,
    close: () => abort.abort(),
  };
}

function parseFrame<E>(frame: string): ReceivedEvent<E> {
  const [, id, data] = /^id: (\S+)\ndata: (.+)$/.exec(frame) ?? [];
  if (id === undefined || data === undefined) throw new Error(`Not an id and one line of data: ${frame}`);
  return { id, event: JSON.parse(data) };
}
