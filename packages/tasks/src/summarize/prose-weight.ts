import { leansOnPrevious } from "./leaning-openers.ts";
import { endsSentence, isWithoutFullStop } from "./scripts.ts";
import type { Sentence } from "./sentences.ts";

const letter = /\p{L}/gu;
const upperCase = /\p{Lu}/gu;
const lowerCase = /\p{Ll}/gu;
const digit = /\p{Nd}/gu;
const symbol = /[{}<>=|\\_$#@*~^`[\]+/]/g;
const webAddress = /\bhttps?:|\bwww\.|\b[\w.-]+@[\w-]+\.\w/i;
const COPYRIGHT = /©|\(c\)\s*\d{4}|^copyright\b/i;
const unbroken = /[\w./=+-]{45,}/;
const startsLowerCase = /^[\p{Pi}\p{Ps}"']*\p{Ll}/u;
const questionEnd = /[?？؟;][\p{Pe}\p{Pf}"']*$/u;
const colonEnd = /[:：]$/;

/**
 * How far a sentence reads as a statement that stands on its own, in (0, 1.3]. The marks of tables, headings,
 * listings and addresses each take their factor; none is a ban, so a text made of them alone still has an order.
 * The factors were set by reading summaries of manuals, charters, histories and mails in ten languages.
 */
export function proseWeight(sentence: Sentence, language: string): number {
  const { text } = sentence;
  return (
    characterWeight(text) *
    endWeight(text) *
    (startsLowerCase.test(text.slice(0, 20)) ? 0.5 : 1) *
    (webAddress.test(text) ? 0.5 : 1) *
    (hasStrayQuote(text) ? 0.6 : 1) *
    placeWeight(sentence, language)
  );
}

export const isCopyright = (text: string): boolean => COPYRIGHT.test(text);

function characterWeight(text: string): number {
  const letterCount = count(text, letter);
  const upperCount = count(text, upperCase);
  const isShouted = upperCount > count(text, lowerCase);
  const isFigures = count(text, digit) * 4 > letterCount;
  const isSymbols = count(text, symbol) * 12 > text.length || unbroken.test(text);
  return (isShouted ? 0.2 : 1) * (isFigures ? 0.3 : 1) * (isSymbols ? 0.3 : 1);
}

function endWeight(text: string): number {
  if (colonEnd.test(text)) return 0.25;
  if (questionEnd.test(text)) return 0.4;
  return endsSentence(text) || isWithoutFullStop(text) ? 1 : 0.3;
}

// A sentence that opens a paragraph names its topic and leans least on what came before (Baxendale 1958): "This
// document describes" there, "This is why" elsewhere. An item of a list leans on the line above the list.
function placeWeight({ text, position, isListItem }: Sentence, language: string): number {
  const leans = leansOnPrevious(text, language);
  if (position > 0) return leans ? 0.5 : 1;
  return (isListItem ? 0.7 : 1.3) * (leans ? 0.8 : 1);
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

// Half of a quotation or of a bracket: the sentence is a part of what was said.
function hasStrayQuote(text: string): boolean {
  const isUneven = (opening: RegExp, closing: RegExp) => count(text, opening) !== count(text, closing);
  return count(text, /"/g) % 2 === 1 || isUneven(/[«(（「]/g, /[»)）」]/g);
}
