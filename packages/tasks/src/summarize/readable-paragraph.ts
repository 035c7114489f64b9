import { endsSentence, isUnspaced } from "./scripts.ts";
import type { Sentence } from "./sentences.ts";

const omission = " … ";

/** Sentences set one after the other; an ellipsis stands where one breaks off and the text went on. */
export function readableParagraph(sentences: readonly Sentence[]): string {
  return sentences
    .map((sentence, index) => sentence.text + separator(sentence, sentences[index + 1]))
    .join("");
}

function separator(sentence: Sentence, next: Sentence | undefined): string {
  if (next === undefined) return "";
  const isEnded = endsSentence(sentence.text);
  if (isEnded && isUnspaced(sentence.text.slice(-1))) return "";
  return isEnded || isAdjacent(sentence, next) ? " " : omission;
}

const isAdjacent = (sentence: Sentence, next: Sentence): boolean =>
  sentence.paragraph === next.paragraph && sentence.position + 1 === next.position;
