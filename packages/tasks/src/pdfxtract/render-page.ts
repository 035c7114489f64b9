import type { GrayImage } from "./pdf-document.ts";
import { outOfMemory, type Pdfium } from "./pdfium-module.ts";

const dotsPerInch = 150;
const pointsPerInch = 72;
// A4 at 150 dpi has 2.2 million. Models scale larger pictures down, so more would only be slower to send.
const mostPixels = 4_000_000;
const grayFormat = 1;
const withAnnotations = 1;
const WHITE = 0xffffffff;

/**
 * A page at 150 dots an inch, or as many as keep it within four million pixels.
 *
 * In gray: the same page is a third of its size in colour (300 kB to 100 kB, 1,033 to 350), and what it says is in
 * its text.
 */
export function renderPage(pdfium: Pdfium, page: number): GrayImage {
  const { width, height } = pixelSize(pdfium._FPDF_GetPageWidth(page), pdfium._FPDF_GetPageHeight(page));
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, grayFormat, 0, 0);
  if (!bitmap) throw outOfMemory();
  try {
    pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
    pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations);
    return { width, height, pixels: pixelsOf(pdfium, bitmap, { width, height }) };
  } finally {
    pdfium._FPDFBitmap_Destroy(bitmap);
  }
}

type Size = { width: number; height: number };

function pixelSize(widthPoints: number, heightPoints: number): Size {
  const largest = Math.sqrt(mostPixels / Math.max(1, widthPoints * heightPoints));
  const scale = Math.min(dotsPerInch / pointsPerInch, largest);
  const pixels = (points: number) => Math.min(mostPixels, Math.max(1, Math.floor(points * scale)));
  return { width: pixels(widthPoints), height: pixels(heightPoints) };
}

/** Copied, because pdfium's memory moves when it grows. */
function pixelsOf(pdfium: Pdfium, bitmap: number, { width, height }: Size): Uint8Array {
  const start = pdfium._FPDFBitmap_GetBuffer(bitmap);
  const stride = pdfium._FPDFBitmap_GetStride(bitmap);
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const at = start + row * stride;
    pixels.set(pdfium.HEAPU8.subarray(at, at + width), row * width);
  }
  return pixels;
}
