import { GlyphReader } from "./glyph-reader.ts";
import { type PageSpace, toPage } from "./page-space.ts";
import type { GrayImage, PageBox, PageText, PdfDocument } from "./pdf-document.ts";
import { PdfError } from "./pdf-error.ts";
import { hasTrailer } from "./pdf-signature.ts";
import { outOfMemory, type Pdfium } from "./pdfium-module.ts";
import { renderPage } from "./render-page.ts";
import { buildRuns } from "./text-runs.ts";

const LOAD_ERROR = { password: 4, security: 5 } as const;
const imageObject = 3;
// Pages are mapped to whole device units; 64 to the point keeps the rounding below a fiftieth of a point.
const deviceUnitsPerPoint = 64;
const maxObjectsSearchedForImages = 5_000;

/** @throws PdfError encrypted, corrupted, out_of_memory */
export function openPdfDocument(pdfium: Pdfium, bytes: Uint8Array): PdfDocument {
  const address = pdfium._malloc(bytes.length);
  if (!address) throw outOfMemory();
  pdfium.HEAPU8.set(bytes, address);
  const document = pdfium._FPDF_LoadMemDocument(address, bytes.length, 0);
  if (!document) throw loadError(pdfium._FPDF_GetLastError(), bytes);
  assertComplete(pdfium, document, bytes);
  return new PdfiumDocument(pdfium, document);
}

function loadError(code: number, bytes: Uint8Array): PdfError {
  if (code === LOAD_ERROR.password || code === LOAD_ERROR.security) {
    return new PdfError(
      "encrypted",
      "This PDF needs a password. Remove the password and send the file again.",
    );
  }
  if (!hasTrailer(bytes)) return cutOff();
  return new PdfError("corrupted", "This PDF is damaged and cannot be opened. Save or download it again.");
}

/**
 * pdfium reads a file that was cut off by searching it for objects, and then gives the pages that it found as if
 * they were all. So where it had to search, the file must at least have its end: the cross-reference offset and
 * %%EOF, which writers put last. A file that has both but whose offsets are off (mail gateways that change line
 * ends, bytes put before the header) is whole, and what pdfium found is everything.
 */
function assertComplete(pdfium: Pdfium, document: number, bytes: Uint8Array): void {
  if (pdfium._FPDF_DocumentHasValidCrossReferenceTable(document) === 1 || hasTrailer(bytes)) return;
  throw cutOff();
}

function cutOff(): PdfError {
  return new PdfError("corrupted", "This PDF is cut off: its end is missing. Download or send it again.");
}

class PdfiumDocument implements PdfDocument {
  readonly pageCount: number;
  readonly #pdfium: Pdfium;
  readonly #document: number;
  readonly #reader: GlyphReader;
  readonly #scratch: number;

  constructor(pdfium: Pdfium, document: number) {
    this.#pdfium = pdfium;
    this.#document = document;
    this.#reader = new GlyphReader(pdfium);
    this.#scratch = pdfium._malloc(32);
    this.pageCount = pdfium._FPDF_GetPageCount(document);
  }

  readPage(index: number): PageText | undefined {
    const page = this.#pdfium._FPDF_LoadPage(this.#document, index);
    if (!page) return undefined;
    const textPage = this.#pdfium._FPDFText_LoadPage(page);
    try {
      return textPage ? this.#readText(page, textPage) : undefined;
    } finally {
      if (textPage) this.#pdfium._FPDFText_ClosePage(textPage);
      this.#pdfium._FPDF_ClosePage(page);
    }
  }

  renderPage(index: number): GrayImage | undefined {
    const page = this.#pdfium._FPDF_LoadPage(this.#document, index);
    if (!page) return undefined;
    try {
      return renderPage(this.#pdfium, page);
    } finally {
      this.#pdfium._FPDF_ClosePage(page);
    }
  }

  close(): void {
    this.#pdfium._FPDF_CloseDocument(this.#document);
    this.#pdfium._FPDF_DestroyLibrary();
  }

  #readText(page: number, textPage: number): PageText {
    const width = this.#pdfium._FPDF_GetPageWidth(page);
    const height = this.#pdfium._FPDF_GetPageHeight(page);
    const space = this.#pageSpace(page, width, height);
    const { glyphs, unreadable } = this.#reader.read(textPage, space);
    const images = this.#images(page, space);
    return { width, height, runs: buildRuns(glyphs), images, unreadableGlyphs: unreadable };
  }

  #pageSpace(page: number, width: number, height: number): PageSpace {
    const span = 1000;
    const origin = this.#toDevice(page, width, height, 0, 0);
    const alongX = this.#toDevice(page, width, height, span, 0);
    const alongY = this.#toDevice(page, width, height, 0, span);
    return {
      a: (alongX.x - origin.x) / span,
      b: (alongX.y - origin.y) / span,
      c: (alongY.x - origin.x) / span,
      d: (alongY.y - origin.y) / span,
      e: origin.x,
      f: origin.y,
    };
  }

  #toDevice(page: number, width: number, height: number, x: number, y: number): { x: number; y: number } {
    const units = deviceUnitsPerPoint;
    const at = this.#scratch;
    this.#pdfium._FPDF_PageToDevice(page, 0, 0, width * units, height * units, 0, x, y, at, at + 4);
    const [deviceX = 0, deviceY = 0] = this.#pdfium.HEAP32.subarray(at >> 2, (at >> 2) + 2);
    return { x: deviceX / units, y: deviceY / units };
  }

  #images(page: number, space: PageSpace): PageBox[] {
    const count = Math.min(this.#pdfium._FPDFPage_CountObjects(page), maxObjectsSearchedForImages);
    const boxes: PageBox[] = [];
    for (let index = 0; index < count; index++) {
      const object = this.#pdfium._FPDFPage_GetObject(page, index);
      if (this.#pdfium._FPDFPageObj_GetType(object) !== imageObject) continue;
      const at = this.#scratch;
      if (!this.#pdfium._FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12)) continue;
      const [left = 0, bottom = 0, right = 0, top = 0] = this.#pdfium.HEAPF32.subarray(
        at >> 2,
        (at >> 2) + 4,
      );
      boxes.push(boxBetween(toPage(space, left, top), toPage(space, right, bottom)));
    }
    return boxes;
  }
}

function boxBetween(one: { x: number; y: number }, other: { x: number; y: number }): PageBox {
  return {
    left: Math.min(one.x, other.x),
    right: Math.max(one.x, other.x),
    top: Math.min(one.y, other.y),
    bottom: Math.max(one.y, other.y),
  };
}
