import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventStreamParser, type ServerSentEvent } from "./event-stream-parser.ts";

function parse(text: string, lastEventId: string | null = null): ServerSentEvent[] {
  return createEventStreamParser(lastEventId).push(new TextEncoder().encode(text));
}

function dataOf(text: string): string[] {
  return parse(text).map(({ data }) => data);
}

describe("an event stream", () => {
  it.each(["\n", "\r\n", "\r"])("has lines that end with %j", (end) => {
    expect(parse(["id: 7", "event: x", "data: a", "data: b", "", ""].join(end))).toEqual([
      { type: "x", data: "a\nb", id: "7" },
    ]);
  });

  it("may mix line ends, and hold several events", () => {
    expect(dataOf("data: 1\r\n\r\ndata: 2\n\rdata: 3\r\r")).toEqual(["1", "2", "3"]);
  });

  it("gives events of no name the type message", () => {
    expect(parse("data: 1\n\n")[0]?.type).toBe("message");
  });

  it("takes one blank after the colon away, and one only", () => {
    expect(dataOf("data:1\n\ndata: 2\n\ndata:  3\n\ndata\n\n")).toEqual(["1", "2", " 3", ""]);
  });

  it("joins lines of data, the empty ones too", () => {
    expect(dataOf("data: a\ndata\ndata:\ndata: b: c\n\n")).toEqual(["a\n\n\nb: c"]);
  });

  it("skips comments, unknown fields and events without data", () => {
    expect(dataOf(": hello\n:\n\nfoo: bar\n Data: no\nevent: x\n\ndata: 1\n\n")).toEqual(["1"]);
  });

  it("forgets the name of an event without data", () => {
    expect(parse("event: x\n\ndata: 1\n\n")[0]?.type).toBe("message");
  });

  it("holds an event back until its blank line", () => {
    expect(parse("data: 1\n")).toEqual([]);
  });

  it("skips a byte order mark at its beginning", () => {
    expect(dataOf("\u{feff}data: 1\n\n")).toEqual(["1"]);
  });

  it("keeps an id until another one comes, and counts one with a NUL as none", () => {
    const ids = parse("id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n", "0").map(
      ({ id }) => id,
    );
    expect(ids).toEqual(["1", "1", "1", ""]);
    expect(parse("data: a\n\n", "0")[0]?.id).toBe("0");
  });

  it("tells the reconnection time that the server asks for, when that is digits", () => {
    const parser = createEventStreamParser();
    const push = (text: string) => parser.push(new TextEncoder().encode(text));
    expect(parser.retryMs).toBeNull();
    push("retry: 1500\n");
    expect(parser.retryMs).toBe(1500);
    push("retry: 1e3\nretry: -1\nretry:\nretry: 2 s\n");
    expect(parser.retryMs).toBe(1500);
  });

  it("waits for the LF of a CR LF that two chunks share", () => {
    const parser = createEventStreamParser();
    const push = (text: string) => parser.push(new TextEncoder().encode(text)).map(({ data }) => data);
    expect(push("data: 1\r")).toEqual([]);
    expect(push("\ndata: 2\r")).toEqual([]);
    expect(push("\n\r")).toEqual(["1\n2"]);
    expect(push("\n")).toEqual([]);
    expect(push("data: 3\r\r")).toEqual(["3"]);
    expect(push("data: 4\n\n")).toEqual(["4"]);
  });
});

describe("any stream in any chunks", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replace(/[\r\n\0]/g, ""));
  const lineEnd = fc.constantFrom("\n", "\r", "\r\n");
  const written = fc.record({
    data: fc.array(line, { minLength: 1, maxLength: 4 }),
    id: fc.option(line),
    type: fc.option(line),
    comment: fc.option(line),
  });
  type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

  function linesOf({ data, id, type, comment }: Written): string[] {
    const named = [
      ...(comment === null ? [] : [`:${comment}`]),
      ...(id === null ? [] : [`id: ${id}`]),
      ...(type === null ? [] : [`event: ${type}`]),
    ];
    return [...named, ...data.map((text) => `data: ${text}`), ""];
  }

  function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
    const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
    return [0, ...at].map((from, index) => bytes.subarray(from, at[index]));
  }

  it("gives the events that were written", () => {
    const property = fc.property(
      fc.array(written, { maxLength: 6 }),
      fc.array(lineEnd, { minLength: 1, maxLength: 9 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (events, ends, places) => {
        const text = join(events.flatMap(linesOf), ends);
        const parser = createEventStreamParser();
        const chunks = cut(new TextEncoder().encode(text), places);
        let id: string | null = null;
        const expected = events.map((event) => {
          id = event.id ?? id;
          return { type: event.type || "message", data: event.data.join("\n"), id };
        });
        expect(chunks.flatMap((chunk) => parser.push(chunk))).toEqual(expected);
        expect(parser.lastId).toBe(id);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  function join(lines: readonly string[], ends: readonly string[]): string {
    return lines.reduce((text, line, index) => {
      const end = ends[index % ends.length] ?? "\n";
      // An empty line that ends with LF, behind a CR, would be no line: the two are one end.
      const isSwallowed = line === "" && end === "\n" && text.endsWith("\r");
      return text + line + (isSwallowed ? "\r" : end);
    }, "");
  }
});
