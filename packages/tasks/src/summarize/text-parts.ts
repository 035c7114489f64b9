import { countWords } from "./lexicon.ts";
import { createSentenceSplitter } from "./sentences.ts";

export type PartOptions = {
  /** What a part may hold at most, in tokens as `countTokens` counts them. */
  maxTokens: number;
  countTokens: (text: string) => number;
  /** ISO 639-1 or "und": sentences end by its rules. */
  language: string;
};

// A paragraph that takes more of a part than this is cut into its sentences.
const largestParagraphShare = 1 / 8;
const paragraphBreak = /\n[^\S\n]*\n\s*/g;

/**
 * Cuts a text that is too long for a model into parts of about the same length, each the text as it stands: between
 * paragraphs, and within a long paragraph between sentences. One part when it is not too long.
 */
export function splitIntoParts(text: string, options: PartOptions): string[] {
  const total = options.countTokens(text);
  if (total <= options.maxTokens) return [text];
  const pieces = piecesOf(text, options);
  const tokens = pieces.map(options.countTokens);
  const sum = tokens.reduce((one, other) => one + other, 0);
  // Room for a piece that ends past the even share.
  const even = sum / Math.ceil(sum / (options.maxTokens * (1 - largestParagraphShare)));
  return pack(pieces, tokens, { even, most: options.maxTokens }).map((part) => part.trim());
}

/** Paragraphs and sentences that, one after the other, are the text. */
function piecesOf(text: string, options: PartOptions): string[] {
  const splitSentences = createSentenceSplitter(countWords(text), locale(options.language));
  const limit = options.maxTokens * largestParagraphShare;
  return paragraphsOf(text).flatMap((paragraph) => {
    if (options.countTokens(paragraph) <= limit) return [paragraph];
    // A line break is a sentence end to Unicode's rules, and in wrapped text it is none.
    const unwrapped = paragraph.replace(/[\r\n\u2028\u2029]/g, " ");
    const sentences = splitSentences({ text: unwrapped, isListItem: false }, 0);
    return cutBefore(paragraph, startsOf(unwrapped, sentences));
  });
}

const locale = (language: string): string => (language === "und" ? "en" : language);

function paragraphsOf(text: string): string[] {
  return cutBefore(
    text,
    Array.from(text.matchAll(paragraphBreak), (match) => match.index + match[0].length),
  );
}

function startsOf(text: string, sentences: readonly { text: string }[]): number[] {
  let end = 0;
  return sentences.map((sentence) => {
    const start = Math.max(end, text.indexOf(sentence.text, end));
    end = start + sentence.text.length;
    return start;
  });
}

function cutBefore(text: string, starts: readonly number[]): string[] {
  const bounds = [0, ...starts.filter((start) => start > 0 && start < text.length), text.length];
  return bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
}

/** Fills parts up to an even share of the text; a piece goes where most of it belongs. */
function pack(
  pieces: readonly string[],
  tokens: readonly number[],
  { even, most }: { even: number; most: number },
): string[] {
  const parts: { text: string; tokens: number }[] = [];
  let before = 0;
  pieces.forEach((piece, index) => {
    const part = parts.at(-1);
    const size = tokens[index] ?? 0;
    const belongsTo = Math.floor((before + size / 2) / even);
    if (part && belongsTo < parts.length && part.tokens + size <= most) {
      part.text += piece;
      part.tokens += size;
    } else parts.push({ text: piece, tokens: size });
    before += size;
  });
  return parts.map((part) => part.text);
}
