import type { Glyph, GlyphFont } from "./glyph.ts";
import { describeFont } from "./glyph-font.ts";
import { glyphText } from "./glyph-text.ts";
import { angleOf, type PageSpace, toPage } from "./page-space.ts";
import type { Pdfium } from "./pdfium-module.ts";

// A newspaper page has about 20,000 glyphs. A page with far more is a drawing or an attack, and would fill the heap.
const maxGlyphsPerPage = 200_000;
const fontNameBytes = 256;
const scratchBytes = fontNameBytes + 64;
// Type 3 fonts may give any size they like, so a size is believed only where the glyphs fit it.
const maxGlyphHeightRatio = 1.6;

export type PageGlyphs = { glyphs: Glyph[]; unreadable: number };

type TextStyle = { object: number; font: GlyphFont; fontSize: number };

/** Reads glyphs through one scratch buffer in pdfium's memory; belongs to one module. */
export class GlyphReader {
  readonly #pdfium: Pdfium;
  readonly #scratch: number;
  #style: TextStyle = { object: -1, font: { name: "", bold: false, italic: false }, fontSize: 0 };

  constructor(pdfium: Pdfium) {
    this.#pdfium = pdfium;
    this.#scratch = pdfium._malloc(scratchBytes);
  }

  read(textPage: number, space: PageSpace): PageGlyphs {
    const count = Math.min(this.#pdfium._FPDFText_CountChars(textPage), maxGlyphsPerPage);
    const glyphs: Glyph[] = [];
    let unreadable = 0;
    let startsWord = true;
    this.#style.object = -1;
    for (let index = 0; index < count; index++) {
      const char = this.#charAt(textPage, index);
      if (char === undefined) unreadable++;
      else if (char === " ") startsWord = true;
      if (char === undefined || char === "" || char === " ") continue;
      const glyph = this.#glyphAt(textPage, index, space, char, startsWord);
      if (!glyph) continue;
      const last = glyphs.at(-1);
      if (last && isLigaturePart(last, glyph)) last.char += glyph.char;
      else glyphs.push(glyph);
      startsWord = false;
    }
    return { glyphs, unreadable };
  }

  /** undefined where the font has no character for the glyph. */
  #charAt(textPage: number, index: number): string | undefined {
    const code = this.#pdfium._FPDFText_GetUnicode(textPage, index);
    const char = glyphText(code);
    if (char !== "") return char;
    return code === 0 || this.#pdfium._FPDFText_HasUnicodeMapError(textPage, index) === 1 ? undefined : "";
  }

  #glyphAt(
    textPage: number,
    index: number,
    space: PageSpace,
    char: string,
    startsWord: boolean,
  ): Glyph | undefined {
    const pdfium = this.#pdfium;
    const at = this.#scratch;
    if (!pdfium._FPDFText_GetMatrix(textPage, index, at)) return undefined;
    const a = this.#float(0);
    const b = this.#float(1);
    const scale = Math.hypot(this.#float(2), this.#float(3));
    const style = this.#styleAt(textPage, index);
    const fontSize = this.#fittingSize(textPage, index, style.fontSize * scale, char);
    if (!(fontSize > 0.5)) return undefined;
    const angle = angleOf(space, a, b);
    if (!pdfium._FPDFText_GetCharOrigin(textPage, index, at, at + 8)) return undefined;
    const origin = toPage(space, this.#double(0), this.#double(1));
    if (!pdfium._FPDFText_GetLooseCharBox(textPage, index, at)) return undefined;
    const leftTop = toPage(space, this.#float(0), this.#float(1));
    const rightBottom = toPage(space, this.#float(2), this.#float(3));
    return {
      char,
      ...alongText(angle, leftTop, rightBottom, origin),
      fontSize,
      font: style.font,
      startsWord,
      angle,
    };
  }

  #fittingSize(textPage: number, index: number, fontSize: number, char: string): number {
    if (!/[A-Za-z0-9]/.test(char)) return fontSize;
    const at = this.#scratch;
    if (!this.#pdfium._FPDFText_GetCharBox(textPage, index, at, at + 8, at + 16, at + 24)) return fontSize;
    const width = this.#double(1) - this.#double(0);
    const height = Math.min(this.#double(3) - this.#double(2), 2 * width + 2);
    return height > maxGlyphHeightRatio * fontSize ? height * 1.4 : fontSize;
  }

  #float(index: number): number {
    return this.#pdfium.HEAPF32[(this.#scratch >> 2) + index] ?? 0;
  }

  #double(index: number): number {
    return this.#pdfium.HEAPF64[(this.#scratch >> 3) + index] ?? 0;
  }

  #styleAt(textPage: number, index: number): TextStyle {
    const object = this.#pdfium._FPDFText_GetTextObject(textPage, index);
    if (object === this.#style.object) return this.#style;
    const pdfium = this.#pdfium;
    const flagsAt = this.#scratch + fontNameBytes;
    const nameBytes = pdfium._FPDFText_GetFontInfo(textPage, index, this.#scratch, fontNameBytes, flagsAt);
    const flags = nameBytes > 0 ? (pdfium.HEAP32[flagsAt >> 2] ?? 0) : 0;
    const weight = pdfium._FPDFText_GetFontWeight(textPage, index);
    const fontSize = Math.abs(pdfium._FPDFText_GetFontSize(textPage, index));
    this.#style = { object, font: describeFont(this.#fontName(nameBytes), flags, weight), fontSize };
    return this.#style;
  }

  #fontName(nameBytes: number): string {
    if (nameBytes <= 1 || nameBytes > fontNameBytes) return "";
    // Copied, because TextDecoder refuses views of a memory that may grow.
    const bytes = this.#pdfium.HEAPU8.slice(this.#scratch, this.#scratch + nameBytes - 1);
    return new TextDecoder().decode(bytes);
  }
}

// pdfium gives the letters of a ligature one by one, each with the place of the whole.
function isLigaturePart(last: Glyph, next: Glyph): boolean {
  return (
    last.left === next.left &&
    last.right === next.right &&
    last.baseline === next.baseline &&
    !next.startsWord
  );
}

type Extent = Pick<Glyph, "left" | "right" | "baseline">;
type Corner = { x: number; y: number };

// Turned text is measured in the frame in which it reads left to right: turned clockwise by a quarter, its x runs
// down the page and its y runs to the left.
function alongText(angle: number, one: Corner, other: Corner, origin: Corner): Extent {
  const quarter = ((Math.round(angle / 90) % 4) + 4) % 4;
  const along = (point: Corner) => [point.x, point.y, -point.x, -point.y][quarter] ?? point.x;
  const across = (point: Corner) => [point.y, -point.x, -point.y, point.x][quarter] ?? point.y;
  const ends = [along(one), along(other)];
  return { left: Math.min(...ends), right: Math.max(...ends), baseline: across(origin) };
}
