import { expect, it } from "vitest";
import { extractPdf, PdfError, type PdfErrorKind } from "./extract-pdf.ts";
import { buildPdf, newspaperPdf } from "./pdf-fixture.ts";

const line = (text: string) => ({ texts: [{ x: 50, y: 50, size: 12, text }] });

async function kindOf(extraction: Promise<unknown>): Promise<PdfErrorKind> {
  const error = await extraction.then(
    () => new Error("no error"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PdfError)) throw error;
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  return error.kind;
}

// Drawing the same words over and over keeps pdfium busy for seconds.
function heavyPdf(repetitions: number): Uint8Array {
  const words = "BT /F1 10 Tf 10 10 Td (ceaseless) Tj ET\n".repeat(repetitions);
  return buildPdf([{ texts: [], operators: words }]);
}

it("reads a PDF in a thread, reporting each page", async () => {
  const pages: [number, number][] = [];
  const extract = await extractPdf(newspaperPdf(), {
    filename: "gazette.pdf",
    onPage: (done, total) => pages.push([done, total]),
  });
  expect(extract).toMatchObject({ filename: "gazette.pdf", issue_date: "2024-03-12" });
  expect(extract.pages[0]!.articles[0]!.summary).toContain("second ferry");
  expect(pages).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

it("moves bytes that own their buffer, and leaves a view's buffer alone", async () => {
  const owned = newspaperPdf();
  await extractPdf(owned, { filename: "a.pdf" });
  expect(owned.byteLength).toBe(0);
  const shared = new Uint8Array([0, ...newspaperPdf()]);
  await extractPdf(shared.subarray(1), { filename: "a.pdf" });
  expect(shared[1]).toBe("%".charCodeAt(0));
});

it.each<[string, Uint8Array, PdfErrorKind]>([
  ["a text", new TextEncoder().encode("no PDF at all"), "not_a_pdf"],
  ["an empty file", new Uint8Array(), "not_a_pdf"],
  ["a header without a PDF", new TextEncoder().encode(`%PDF-1.7\n${"x".repeat(5_000)}`), "corrupted"],
  ["a PDF with a password", buildPdf([line("secret")], { password: "sesame" }), "encrypted"],
  ["a PDF that lacks its last bytes", newspaperPdf().slice(0, -30), "corrupted"],
  ["a PDF that lacks its second half", halfOf(newspaperPdf()), "corrupted"],
  ["a PDF without pages", buildPdf([]), "corrupted"],
])("refuses %s", async (_name, bytes, kind) => {
  expect(await kindOf(extractPdf(bytes, { filename: "a.pdf" }))).toBe(kind);
});

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, bytes.length / 2);
}

it("reads a file whose line ends and offsets a gateway has changed, since its end is there", async () => {
  const text = Buffer.from(newspaperPdf()).toString("latin1").replaceAll("endobj\n", "endobj\r\n");
  const extract = await extractPdf(new Uint8Array(Buffer.from(text, "latin1")), { filename: "a.pdf" });
  expect(extract.pages.map((page) => page.articles.length)).toEqual([3, 1]);
});

it("refuses more pages than the limit", async () => {
  const bytes = buildPdf([line("one"), line("two"), line("three")]);
  expect(await kindOf(extractPdf(bytes, { filename: "a.pdf", limits: { maxPages: 2 } }))).toBe(
    "too_many_pages",
  );
});

it("ends a file that takes too long, in the middle of pdfium's work", async () => {
  const startedAt = performance.now();
  const extraction = extractPdf(heavyPdf(300_000), { filename: "a.pdf", limits: { timeoutMs: 700 } });
  expect(await kindOf(extraction)).toBe("timeout");
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

it("stops at the signal, before and during", async () => {
  const before = extractPdf(newspaperPdf(), { filename: "a.pdf", signal: AbortSignal.abort() });
  expect(await kindOf(before)).toBe("aborted");
  const controller = new AbortController();
  const during = extractPdf(buildPdf(Array.from({ length: 200 }, () => line("a page"))), {
    filename: "a.pdf",
    signal: controller.signal,
    onPage: () => controller.abort(),
  });
  expect(await kindOf(during)).toBe("aborted");
});

it("holds pdfium to its memory", async () => {
  // pdfium starts with 18 MB; half of these 44 are its own, and 3 MB of file do not fit beside what it needs.
  const extraction = extractPdf(heavyPdf(80_000), { filename: "a.pdf", limits: { memoryMb: 44 } });
  expect(await kindOf(extraction)).toBe("out_of_memory");
});

it("holds the thread's heap to its memory", async () => {
  const words = Array.from({ length: 20_000 }, (_, index) => ({
    x: (index % 50) * 11,
    y: Math.floor(index / 50) * 2,
    size: 2,
    text: `word${index}`,
  }));
  const extraction = extractPdf(buildPdf([{ texts: words }]), {
    filename: "a.pdf",
    limits: { memoryMb: 80 },
  });
  expect(await kindOf(extraction)).toBe("out_of_memory");
});
