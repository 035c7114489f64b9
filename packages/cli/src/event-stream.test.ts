import { describe, expect, it } from "vitest";
import { eventsOf } from "./event-stream.ts";

async function read(...chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  async function* stream() {
    for (const chunk of chunks) yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
  }
  const found: unknown[] = [];
  for await (const event of eventsOf(stream())) found.push(event);
  return found;
}

describe("eventsOf", () => {
  it("reads events however the bytes are cut", async () => {
    const text = ': hello\n\nid: a-1\ndata: {"type":"ä"}\n\ndata: {"n":2}\r\n\r\n';
    const bytes = new TextEncoder().encode(text);
    const expected = [{ type: "ä" }, { n: 2 }];
    expect(await read(text)).toEqual(expected);
    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("drops an event that the stream's end cut off", async () => {
    expect(await read('data: {"n":1}\n\ndata: {"n"')).toEqual([{ n: 1 }]);
  });
});
