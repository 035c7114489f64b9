import { expect, it } from "vitest";
import { buildPdf } from "./pdf-fixture.ts";
import { hasPdfHeader, hasTrailer } from "./pdf-signature.ts";

const pdf = buildPdf([{ texts: [] }]);

it("finds the header within the first 1,024 bytes", () => {
  expect(hasPdfHeader(pdf)).toBe(true);
  expect(hasPdfHeader(new Uint8Array([...new Uint8Array(500), ...pdf]))).toBe(true);
  expect(hasPdfHeader(new Uint8Array([...new Uint8Array(1_100), ...pdf]))).toBe(false);
  expect(hasPdfHeader(new Uint8Array())).toBe(false);
});

it("finds the trailer before padding, and misses it in a file that was cut off", () => {
  expect(hasTrailer(pdf)).toBe(true);
  expect(hasTrailer(new Uint8Array([...pdf, ...new Uint8Array(5_000)]))).toBe(true);
  expect(hasTrailer(pdf.subarray(0, pdf.length - 20))).toBe(false);
});
