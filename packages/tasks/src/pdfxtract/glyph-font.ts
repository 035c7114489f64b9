import type { GlyphFont } from "./glyph.ts";

// TeX fonts say bold in their own way: cmbx10, sfbx1200, and "Medi" in the URW clones of the standard fonts.
const boldName =
  /bold|black|heavy|semibold|demi|extrabold|(^|[+-])(cmbx|sfbx|cmssbx|ecbx|lmbx)|medi(ital|obli)?$/i;
const italicName = /ital|obli|slanted|(^|[+-])(cmti|cmsl|sfti|cmmi)/i;
const italicFlag = 1 << 6;
const forceBoldFlag = 1 << 18;
// pdfium derives a weight from the stem width: regular faces come out at 300–450, bold ones at 560–900.
const boldWeight = 550;

export function describeFont(rawName: string, flags: number, weight: number): GlyphFont {
  const name = rawName.replace(/^[A-Z]{6}\+/, "");
  return {
    name,
    bold: boldName.test(name) || weight >= boldWeight || (flags & forceBoldFlag) !== 0,
    italic: italicName.test(name) || (flags & italicFlag) !== 0,
  };
}
