import type { TextBlock } from "./text-block.ts";
import type { TextLine } from "./text-line.ts";

const maxBylineCharacters = 240;
const maxBylineLines = 7;
const BY =
  /^(by|written by|words by|von|par|por|di|av|af|door|od|autor(a|es)?:|author(s)?:|text:|texte:|testo:|от)\s+/iu;
const maxNamedWords = 12;
const connectors = new Set(
  "and und et y e i och og en de del della di da do dos van von der den la le du zu and, & the al bin ibn".split(
    " ",
  ),
);
// Words of an imprint or a place name as capitalized as a person's name.
const notAName =
  /^the\s|\d{3,}|[?!:;@]|\b(abstract|contents|introduction|chapter|section|figure|table|volume|copyright|universi|institut|departm|laborator|consorti|inc\b|gmbh\b)/iu;

export function isByline(block: TextBlock, bodySize: number): boolean {
  if (block.text.length > maxBylineCharacters || block.lines.length > maxBylineLines) return false;
  if (saysWho(block.text)) return block.lines.length <= 2;
  return (
    stoodApart(block, bodySize) && isNameList(namesIn(block)) && !/\p{Ll}{3}[.!?]\s+\p{Lu}/u.test(block.text)
  );
}

// "By" and its like begin sentences too; a name follows with a capital, and not much after it.
function saysWho(text: string): boolean {
  const named = text.replace(BY, "");
  return (
    named !== text &&
    /^\p{Lu}/u.test(named) &&
    named.split(" ").length <= maxNamedWords &&
    !/[.:;]$/.test(named)
  );
}

/** The names at the top of a byline: under them may stand places, institutes and addresses. */
export function namesIn(block: TextBlock): string {
  let names = "";
  for (const line of block.lines) {
    const goesOn = names === "" || /(,|&|\b(and|und|et|y|e))$/u.test(names);
    const another = isLikeFirst(line, block) && isNameList(line.text);
    if (!goesOn && !another) break;
    names += `${names === "" ? "" : goesOn ? " " : ", "}${line.text}`;
  }
  return authorOf(names);
}

/** "By Jane Doe" and "JANE DOE" to "Jane Doe" and "JANE DOE": the words that say who it is are taken off. */
function authorOf(text: string): string {
  return text
    .replace(BY, "")
    .replace(/[∗*†‡§¶]+|(?<=\p{L})\d+(,\d+)*/gu, "")
    .replace(/[\s,;|–—-]+$/u, "")
    .trim();
}

function isLikeFirst(line: TextLine, block: TextBlock): boolean {
  return (
    Math.abs(line.fontSize - block.lines[0]!.fontSize) < 0.2 &&
    line.bold === block.lines[0]!.bold &&
    line.italic === block.lines[0]!.italic
  );
}

/** What stands with the names of authors: institutes, places, addresses. Lines without a sentence in them. */
export function isAffiliation(block: TextBlock): boolean {
  if (block.lines.length > maxBylineLines || /\p{Ll}{3}\.(\s|$)/u.test(block.text)) return false;
  if (/\S@\S|\b(universit|institut|departm|laborator|facult|school of|college)/iu.test(block.text))
    return true;
  const words = block.text.match(/(?<!\p{L})\p{L}{2,}/gu) ?? [];
  const capitalized = words.filter((word) => /^\p{Lu}/u.test(word));
  return words.length > 0 && words.length < 24 && capitalized.length >= 0.7 * words.length;
}

function stoodApart(block: TextBlock, bodySize: number): boolean {
  const centred = block.lines.some((line) => line.left - block.left > 2 && block.right - line.right > 2);
  return (
    block.lines.length === 1 ||
    centred ||
    block.bold ||
    block.italic ||
    Math.abs(block.fontSize - bodySize) > 0.4
  );
}

/** Two to five words each, all capitalized, in a list of names. */
export function isNameList(text: string): boolean {
  if (notAName.test(text) || /[.!?]\s+\p{Lu}\p{Ll}+\s+\p{Ll}{3,}/u.test(text)) return false;
  const words = text
    .replace(/[\d*†‡§¶]+/gu, "")
    .split(/[\s,/|•·]+/u)
    .filter((word) => /\p{L}/u.test(word));
  const names = words.filter((word) => !connectors.has(word.toLowerCase()));
  if (names.length < 2 || names.length > 24) return false;
  return (
    names.every((word) => /^[("“]?\p{Lu}/u.test(word)) &&
    names.some((word) => /^\p{Lu}[\p{L}'’-]+/u.test(word))
  );
}
