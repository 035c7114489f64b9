import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PDFiumModule } from "@hyzyla/pdfium";
import { PdfError } from "./pdf-error.ts";

/** The part of pdfium's C interface that is used here; the package types only what its own wrapper needs. */
export type Pdfium = {
  HEAPU8: Uint8Array;
  HEAP32: Int32Array;
  HEAPU32: Uint32Array;
  HEAPF32: Float32Array;
  HEAPF64: Float64Array;
  _malloc(size: number): number;
  _FPDF_InitLibrary(): void;
  _FPDF_DestroyLibrary(): void;
  _FPDF_GetLastError(): number;
  _FPDF_LoadMemDocument(bytes: number, size: number, password: number): number;
  _FPDF_CloseDocument(document: number): void;
  _FPDF_DocumentHasValidCrossReferenceTable(document: number): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageWidth(page: number): number;
  _FPDF_GetPageHeight(page: number): number;
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    pageX: number,
    pageY: number,
    deviceX: number,
    deviceY: number,
  ): number;
  _FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    flags: number,
  ): void;
  _FPDFBitmap_CreateEx(width: number, height: number, format: number, buffer: number, stride: number): number;
  _FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    color: number,
  ): void;
  _FPDFBitmap_GetBuffer(bitmap: number): number;
  _FPDFBitmap_GetStride(bitmap: number): number;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(textPage: number): void;
  _FPDFText_CountChars(textPage: number): number;
  _FPDFText_GetUnicode(textPage: number, index: number): number;
  _FPDFText_HasUnicodeMapError(textPage: number, index: number): number;
  _FPDFText_GetFontSize(textPage: number, index: number): number;
  _FPDFText_GetFontWeight(textPage: number, index: number): number;
  _FPDFText_GetFontInfo(textPage: number, index: number, name: number, length: number, flags: number): number;
  _FPDFText_GetTextObject(textPage: number, index: number): number;
  _FPDFText_GetMatrix(textPage: number, index: number, matrix: number): number;
  _FPDFText_GetCharBox(
    textPage: number,
    index: number,
    left: number,
    right: number,
    bottom: number,
    top: number,
  ): number;
  _FPDFText_GetLooseCharBox(textPage: number, index: number, box: number): number;
  _FPDFText_GetCharOrigin(textPage: number, index: number, x: number, y: number): number;
};

type ResizeHeap = (requestedBytes: number) => boolean;

/**
 * pdfium in a memory of at most `maxBytes`.
 *
 * WASM memory lies outside the V8 heap, where a thread's resourceLimits do not reach it. It grows through one import
 * only, so that is where it is stopped: the exception unwinds pdfium at once, after which the module must not be
 * used again.
 */
export async function loadPdfium(maxBytes: number): Promise<Pdfium> {
  const path = createRequire(import.meta.url).resolve("@hyzyla/pdfium/pdfium.wasm");
  const wasm = new WebAssembly.Module(readFileSync(path));
  const loaded: unknown = await PDFiumModule({
    instantiateWasm(imports, receive) {
      capMemory(imports, maxBytes);
      const instance = new WebAssembly.Instance(wasm, imports);
      // The package types the callback by its old signature; its loader reads the instance, then the module.
      (receive as unknown as (instance: WebAssembly.Instance, module: WebAssembly.Module) => void)(
        instance,
        wasm,
      );
      return instance.exports;
    },
  });
  const pdfium = loaded as Pdfium;
  pdfium._FPDF_InitLibrary();
  return pdfium;
}

function capMemory(imports: WebAssembly.Imports, maxBytes: number): void {
  const env = imports.env as Record<string, unknown>;
  const resizeHeap = env.emscripten_resize_heap as ResizeHeap;
  const capped: ResizeHeap = (requested) => {
    if (requested >>> 0 > maxBytes) throw outOfMemory();
    return resizeHeap(requested);
  };
  env.emscripten_resize_heap = capped;
}

export function outOfMemory(): PdfError {
  return new PdfError(
    "out_of_memory",
    "Reading this PDF needs more memory than one file may use. Split it, or save it again without embedded data.",
  );
}
