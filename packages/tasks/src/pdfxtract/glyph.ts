/** One character as it stands on the page: points, origin at the top left, text running along +x. */
export type Glyph = {
  char: string;
  left: number;
  right: number;
  baseline: number;
  fontSize: number;
  font: GlyphFont;
  startsWord: boolean;
  /** Degrees clockwise from left-to-right, in the page as it is read. */
  angle: number;
};

export type GlyphFont = { name: string; bold: boolean; italic: boolean };
