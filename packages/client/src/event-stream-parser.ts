/**
 * The text/event-stream format, https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream,
 * from bytes as they come. A chunk may end anywhere, also within a character or between the CR and the LF of a line's end.
 */
export type ServerSentEvent = { type: string; data: string; id: string | null };

export type EventStreamParser = {
  /** The events that these bytes complete. */
  push(bytes: Uint8Array): ServerSentEvent[];
  /** What the server last asked for by `retry:`; null for nothing. */
  readonly retryMs: number | null;
  /** The id of the last event that came to its end, also of one without data. */
  readonly lastId: string | null;
};

export function createEventStreamParser(lastEventId: string | null = null): EventStreamParser {
  const decoder = new TextDecoder();
  const fields = createFieldReader(lastEventId);
  let rest = "";
  let endedWithCr = false;

  function takeLines(text: string): string[] {
    const isSecondHalf = endedWithCr && text.startsWith("\n");
    if (text !== "") endedWithCr = text.endsWith("\r");
    const lines = (isSecondHalf ? text.slice(1) : text).split(/\r\n|\r|\n/);
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    return lines;
  }

  return {
    push: (bytes) =>
      takeLines(decoder.decode(bytes, { stream: true }))
        .map((line) => fields.read(line))
        .filter((event) => event !== null),
    get retryMs() {
      return fields.retryMs;
    },
    get lastId() {
      return fields.lastId;
    },
  };
}

/** Takes a line at a time; answers an event where one is complete. */
function createFieldReader(lastEventId: string | null) {
  let type = "";
  let data: string[] = [];
  let id = lastEventId;

  function complete(): ServerSentEvent | null {
    reader.lastId = id;
    const event = data.length > 0 ? { type: type || "message", data: data.join("\n"), id } : null;
    type = "";
    data = [];
    return event;
  }

  const reader = {
    retryMs: null as number | null,
    lastId: lastEventId,
    read(line: string): ServerSentEvent | null {
      if (line === "") return complete();
      const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === "data") data.push(value);
      else if (name === "event") type = value;
      else if (name === "id" && !value.includes("\0")) id = value;
      else if (name === "retry" && /^\d+$/.test(value)) reader.retryMs = Number(value);
      return null;
    },
  };
  return reader;
}
