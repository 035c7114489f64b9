import { findGutters } from "./gutters.ts";
import type { PageText } from "./pdf-document.ts";
import { buildLines, type TextLine } from "./text-line.ts";
import { toWord, type Word } from "./word.ts";
import { collapseLeaders, mergeDropCaps } from "./word-repair.ts";

export function wordsOf(page: PageText): Word[] {
  return mergeDropCaps(collapseLeaders(page.runs.map(toWord)));
}

export function linesOf(words: readonly Word[]): TextLine[] {
  return buildLines(words, findGutters(words));
}
