import { boundsOf, heightOf, sharedWidth, widthOf } from "./box.ts";
import type { PageBox } from "./pdf-document.ts";
import type { TextLine } from "./text-line.ts";

/** Lines of a page, apart by whether they belong to its text or to the furniture around it. */
export type PageLines = { text: TextLine[]; furniture: TextLine[] };

const zoneShare = 0.12;
const nameZoneShare = 0.3;
const maxFurnitureRows = 3;
const maxTextLeading = 1.35;
// Larger text at the same place on several pages is a headline (slides have one on every page).
const maxFurnitureRatio = 1.3;
const folio =
  /^[-–—|·\s]*((page|seite|página|pagina|pag\.|p\.|s\.|стр\.)\s*)?(\d{1,4}|[ivxlc]{1,7})(\s*(\/|of|von|de|di|sur|из)\s*\d{1,4})?[-–—|·\s]*$/i;

/**
 * Takes running heads, folios and page numbers out of the pages of one document: lines in the top or bottom margin
 * that say the same thing (numbers aside) at the same height on another page, and lines that are page numbers.
 */
export function splitFurniture(pages: readonly TextLine[][], bodySize: number): PageLines[] {
  const zones = pages.map((lines) => marginLines(lines, bodySize));
  const seenOn = countPages(zones);
  const names = new Set(topLines(pages[0] ?? []).map(nameKey));
  return pages.map((lines, index) => {
    const margin = zones[index] ?? new Set();
    const isFurniture = (line: TextLine) =>
      margin.has(line) &&
      (isFolio(line) || isRepeated(line, seenOn) || (index > 0 && names.has(nameKey(line))));
    const direct = lines.filter(isFurniture);
    const furniture = lines.filter((line) => direct.includes(line) || isBeside(line, direct, margin));
    return { text: lines.filter((line) => !furniture.includes(line)), furniture };
  });
}

// A newspaper's or a report's own name stands large on the first page, and small over the others.
export function topLines(lines: readonly TextLine[]): TextLine[] {
  const page = boundsOf(lines);
  return lines.filter((line) => line.top < page.top + nameZoneShare * heightOf(page));
}

function nameKey(line: TextLine): string {
  return line.text.toLowerCase();
}

function marginLines(lines: readonly TextLine[], bodySize: number): Set<TextLine> {
  const page = boundsOf(lines);
  const zone = zoneShare * heightOf(page);
  const inZone = (line: PageBox) => line.bottom <= page.top + zone || line.top >= page.bottom - zone;
  const fromTop = rowsOf(lines);
  const outerRows = new Set([...fromTop.slice(0, maxFurnitureRows), ...fromTop.slice(-maxFurnitureRows)]);
  return new Set(
    lines.filter(
      (line) =>
        line.fontSize <= maxFurnitureRatio * bodySize &&
        inZone(line) &&
        outerRows.has(Math.round(line.baseline)) &&
        !isInText(line, lines),
    ),
  );
}

// A line that follows the one above it as text does, at the same size, is the first or last of a column.
function isInText(line: TextLine, lines: readonly TextLine[]): boolean {
  return lines.some((other) => {
    const leading = Math.abs(other.baseline - line.baseline) / line.fontSize;
    const sameSize = Math.abs(other.fontSize - line.fontSize) < 0.3;
    return (
      sameSize && leading > 0.8 && leading < maxTextLeading && sharedWidth(other, line) > 0.5 * widthOf(line)
    );
  });
}

function rowsOf(lines: readonly TextLine[]): number[] {
  return [...new Set(lines.map((line) => Math.round(line.baseline)))].sort((one, other) => one - other);
}

function countPages(zones: readonly Set<TextLine>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const zone of zones) {
    const keys = new Set([...zone].flatMap(placeKeys));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function isRepeated(line: TextLine, seenOn: Map<string, number>): boolean {
  return placeKeys(line).some((key) => (seenOn.get(key) ?? 0) >= 2);
}

// Heights are compared by rounding both ways, so that a line on the border of a step meets its twin.
function placeKeys(line: TextLine): string[] {
  const text = line.text.toLowerCase().replace(/\d+/g, "#").replace(/\s+/g, " ");
  if (!/\p{L}|#/u.test(text)) return [];
  return [Math.floor(line.baseline / 6), Math.ceil(line.baseline / 6)].map((step) => `${step}|${text}`);
}

function isFolio(line: TextLine): boolean {
  return folio.test(line.text.trim());
}

// Running heads that name the section change from page to page, but stand on the line of the page number.
function isBeside(line: TextLine, direct: readonly TextLine[], margin: ReadonlySet<TextLine>): boolean {
  if (!margin.has(line)) return false;
  return direct.some((other) => Math.abs(other.baseline - line.baseline) < 1.5);
}
