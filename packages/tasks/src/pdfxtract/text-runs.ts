import type { Glyph } from "./glyph.ts";
import type { TextRun } from "./pdf-document.ts";

// Shares of the font size, fixed so that boxes do not depend on which letters a word happens to have.
const ascent = 0.75;
const height = 1;
const maxGapInWord = 0.35;
const maxOverlapInWord = 0.6;
const maxTiltDegrees = 8;

/**
 * Glyphs, in the order in which the file draws them, to words.
 *
 * Only text in the page's main direction is kept: a landscape table in a portrait file is read along its own lines,
 * watermarks and turned marginal notes are left out.
 */
export function buildRuns(glyphs: readonly Glyph[]): TextRun[] {
  const upright = withoutOverprints(inMainDirection(glyphs));
  const runs: TextRun[] = [];
  let word: Glyph[] = [];
  for (const glyph of upright) {
    const last = word.at(-1);
    if (last && !continuesWord(last, glyph)) {
      runs.push(toRun(word));
      word = [];
    }
    word.push(glyph);
  }
  if (word.length > 0) runs.push(toRun(word));
  return runs;
}

function inMainDirection(glyphs: readonly Glyph[]): Glyph[] {
  const byQuarter: Glyph[][] = [[], [], [], []];
  for (const glyph of glyphs) {
    const quarters = Math.round(glyph.angle / 90);
    if (Math.abs(glyph.angle - quarters * 90) > maxTiltDegrees) continue;
    byQuarter[((quarters % 4) + 4) % 4]?.push(glyph);
  }
  return byQuarter.reduce((most, quarter) => (quarter.length > most.length ? quarter : most));
}

// Bold is faked by printing a word twice, a hair apart, and shadows likewise. No font sets the same letter twice
// within a tenth of its size.
function withoutOverprints(glyphs: Glyph[]): Glyph[] {
  const seen = new Map<string, Glyph[]>();
  return glyphs.filter((glyph) => {
    const row = Math.round(glyph.baseline / 4);
    const reach = 0.12 * glyph.fontSize;
    for (const near of [row - 1, row, row + 1]) {
      const twin = seen
        .get(`${glyph.char}${near}`)
        ?.find(
          (other) =>
            Math.abs(other.left - glyph.left) < reach && Math.abs(other.baseline - glyph.baseline) < reach,
        );
      if (!twin) continue;
      if (twin.left !== glyph.left) twin.font = { ...twin.font, bold: true };
      return false;
    }
    const key = `${glyph.char}${row}`;
    const others = seen.get(key);
    if (others) others.push(glyph);
    else seen.set(key, [glyph]);
    return true;
  });
}

function continuesWord(last: Glyph, next: Glyph): boolean {
  if (next.startsWord) return false;
  if (last.font.name !== next.font.name || last.font.bold !== next.font.bold) return false;
  if (Math.abs(last.fontSize - next.fontSize) > 0.02 * last.fontSize) return false;
  if (Math.abs(last.baseline - next.baseline) > 0.15 * last.fontSize) return false;
  const gap = next.left - last.right;
  return gap < maxGapInWord * last.fontSize && gap > -maxOverlapInWord * last.fontSize;
}

function toRun(glyphs: Glyph[]): TextRun {
  const first = glyphs[0]!;
  const left = glyphs.reduce((least, glyph) => Math.min(least, glyph.left), first.left);
  const right = glyphs.reduce((most, glyph) => Math.max(most, glyph.right), first.right);
  return {
    text: glyphs.map((glyph) => glyph.char).join(""),
    x: left,
    y: first.baseline - ascent * first.fontSize,
    width: right - left,
    height: height * first.fontSize,
    baseline: first.baseline,
    fontSize: first.fontSize,
    fontName: first.font.name,
    bold: first.font.bold,
    italic: first.font.italic,
    startsWord: first.startsWord,
  };
}
