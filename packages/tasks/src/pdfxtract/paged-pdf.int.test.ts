import { inflateSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { PagedPdf, type PagedPdfOptions } from "./paged-pdf.ts";
import { buildPdf, newspaperPdf } from "./pdf-fixture.ts";

const opened: PagedPdf[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pdf) => pdf.close()));
});

function open(bytes: Uint8Array, options: Partial<PagedPdfOptions> = {}): PagedPdf {
  const pdf = new PagedPdf(bytes, { signal: new AbortController().signal, ...options });
  opened.push(pdf);
  return pdf;
}

const line = (text: string) => ({ texts: [{ x: 50, y: 50, size: 12, text }] });
const empty = { texts: [] };
// Fifteen seconds of drawing here: the same picture, over and over.
const heavy = { texts: [], operators: "q 500 0 0 500 0 0 cm /Im Do Q\n".repeat(3_000) };

/** Width, height and the pixels that are darker than half, of a PNG that says what ours must say. */
function readPng(png: Uint8Array): { width: number; height: number; dark: number } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  expect(bytes.toString("latin1", 12, 16)).toBe("IHDR");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect([...bytes.subarray(24, 29)]).toEqual([8, 0, 0, 0, 0]);
  const dataLength = bytes.readUInt32BE(33);
  const lines = inflateSync(bytes.subarray(41, 41 + dataLength));
  expect(lines.length).toBe((width + 1) * height);
  return { width, height, dark: lines.filter((byte, at) => at % (width + 1) !== 0 && byte < 128).length };
}

it("draws pages on demand, of a file that it opens once", async () => {
  const pdf = open(newspaperPdf());
  const extract = await pdf.extract({ filename: "gazette.pdf", issueDate: undefined });
  expect(extract).toMatchObject({ filename: "gazette.pdf", issue_date: "2024-03-12" });
  expect(extract.pages[0]!.articles[0]!.summary).toBe("");
  const drawn = await Promise.all([pdf.drawPage(1), pdf.drawPage(0)]);
  for (const page of drawn) {
    if (page.kind !== "shown") throw new Error(page.kind);
    const { width, height, dark } = readPng(page.png);
    expect([width, height]).toEqual([1239, 1754]);
    expect(dark).toBeGreaterThan(5_000);
  }
});

it("tells a blank page, and one that is not there", async () => {
  const pdf = open(buildPdf([empty, line("one")]));
  expect(await pdf.drawPage(0)).toEqual({ kind: "blank" });
  expect(await pdf.drawPage(2)).toEqual({ kind: "damaged" });
});

it("keeps the picture of a huge page within four million pixels", async () => {
  const pdf = open(buildPdf([{ ...line("one"), width: 14_400, height: 7_200, images: [bigImage] }]));
  const page = await pdf.drawPage(0);
  if (page.kind !== "shown") throw new Error(page.kind);
  const { width, height } = readPng(page.png);
  expect(width * height).toBeLessThanOrEqual(4_000_000);
  expect(width / height).toBeCloseTo(2, 1);
});

const bigImage = { x: 0, y: 0, width: 7_000, height: 7_000 };

it("loses only the page that takes too long to draw", async () => {
  const pdf = open(buildPdf([line("one"), heavy, line("three")]), { limits: { timeoutMs: 4_000 } });
  const pages = await Promise.all([pdf.drawPage(0), pdf.drawPage(1), pdf.drawPage(2)]);
  expect(pages.map((page) => page.kind)).toEqual(["shown", "failed", "shown"]);
  expect(pages[1]).toEqual({ kind: "failed", reason: "page too large: drawing it takes too long" });
});

it("stops at the signal", async () => {
  const controller = new AbortController();
  const pdf = open(newspaperPdf(), { signal: controller.signal });
  const drawing = pdf.drawPage(0);
  controller.abort();
  await expect(drawing).rejects.toMatchObject({ kind: "aborted" });
  await expect(pdf.drawPage(1)).rejects.toMatchObject({ kind: "aborted" });
});
