/**
 * A word, or the part of a word that is set in one style. Points, origin at the top left of the page as it is
 * read (page rotation and crop applied), y growing downwards.
 */
export type TextRun = {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  baseline: number;
  fontSize: number;
  fontName: string;
  bold: boolean;
  italic: boolean;
  /** False where the run continues the word before it without a space. */
  startsWord: boolean;
};

export type PageBox = { left: number; top: number; right: number; bottom: number };

export type PageText = {
  width: number;
  height: number;
  runs: TextRun[];
  images: PageBox[];
  /** Glyphs whose font says nothing about the characters they stand for. */
  unreadableGlyphs: number;
};

/** A page as it prints, a byte a pixel, row by row without gaps; 0 is black. */
export type GrayImage = { width: number; height: number; pixels: Uint8Array };

export interface PdfDocument {
  readonly pageCount: number;
  /** Text and images of a page, `index` from 0; undefined when the page's own objects are damaged. */
  readPage(index: number): PageText | undefined;
  /** A picture of a page, `index` from 0; undefined when the page's own objects are damaged. */
  renderPage(index: number): GrayImage | undefined;
  close(): void;
}
