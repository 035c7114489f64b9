import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventDecoder } from "./event-decoder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decodeAll(chunks: readonly Uint8Array[]): string[] {
  const decoder = new EventDecoder();
  return [...chunks.flatMap((chunk) => decoder.decode(chunk)), ...decoder.end()];
}

/** Cuts at each of `places`, which are counted in bytes. */
function cutAt(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return cuts.slice(1).map((end, index) => whole.subarray(cuts[index], end));
}

const stream = [
  ": OPENROUTER PROCESSING\n\n",
  'data: {"content":"Gruß, 世界 🌍"}\r\n\r\n',
  ": a comment\r\rdata:no space\r\r",
  "event: message\nid: 7\ndata: two\ndata:  lines\n\n",
  "event: nothing\n\n",
  "data: [DONE]\n\n",
].join("");
const events = ['{"content":"Gruß, 世界 🌍"}', "no space", "two\n lines", "[DONE]"];

describe("EventDecoder", () => {
  it("reads the data of events, and neither comments nor names nor ids", () => {
    expect(decodeAll([bytes(stream)])).toEqual(events);
  });

  it("reads the same wherever the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (places) => {
        expect(decodeAll(cutAt(bytes(stream), places))).toEqual(events);
      }),
    );
  });

  it("reads the same byte by byte", () => {
    expect(decodeAll(Array.from(bytes(stream), (byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  it("gives an event as soon as it is whole", () => {
    const decoder = new EventDecoder();
    expect(decoder.decode(bytes("data: 1\n"))).toEqual([]);
    expect(decoder.decode(bytes("\ndata: 2"))).toEqual(["1"]);
    expect(decoder.end()).toEqual(["2"]);
  });

  it("takes no line without end", () => {
    const decoder = new EventDecoder();
    const piece = bytes("x".repeat(1024 * 1024));
    expect(() => {
      for (let count = 0; count < 8; count += 1) decoder.decode(piece);
    }).toThrow(RangeError);
  });
});
