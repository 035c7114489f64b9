/** Words as the document has them within its lines, in lower case. */
export type Vocabulary = ReadonlySet<string>;

const hyphenAtEnd = /[-‐\u00ad]$/u;
const lastWord = /[\p{L}\p{M}\p{N}'’-]+[-‐\u00ad]$/u;
const firstWord = /^[\p{L}\p{M}'’-]+/u;
// Scripts written without spaces between words.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{P}]/u;
const unspacedLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

export function buildVocabulary(lines: Iterable<string>): Vocabulary {
  const words = new Set<string>();
  for (const line of lines) {
    // The last word of a line may be the half of one.
    for (const [word] of line
      .slice(0, line.lastIndexOf(" ") + 1)
      .matchAll(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu)) {
      words.add(word.toLowerCase());
    }
  }
  return words;
}

export function joinLines(lines: readonly string[], vocabulary: Vocabulary): string {
  const joined = lines.reduce((text, line) => joinPair(text, line.trim(), vocabulary), "");
  return joined
    .replace(/\u00ad/gu, "")
    .replace(/ {2,}/g, " ")
    .trim();
}

function joinPair(text: string, next: string, vocabulary: Vocabulary): string {
  if (text === "" || next === "") return text + next;
  if (!hyphenAtEnd.test(text)) return isUnspaced(text, next) ? text + next : `${text} ${next}`;
  if (text.endsWith("\u00ad")) return text.slice(0, -1) + next;
  if (!/[\p{L}\p{M}\p{N}][-‐]$/u.test(text)) return `${text} ${next}`;
  return keepsHyphen(text, next, vocabulary) ? text + next : text.slice(0, -1) + next;
}

/**
 * A hyphen before a small letter was put there by the line break, unless the document writes the word with it
 * elsewhere and never without. Before a capital or a digit ("Jean-" "Pierre", "1990-" "2000") it belongs.
 */
function keepsHyphen(text: string, next: string, vocabulary: Vocabulary): boolean {
  if (!/^\p{Ll}/u.test(next) || /\p{N}[-‐]$/u.test(text)) return true;
  const head = (lastWord.exec(text)?.[0] ?? "").slice(0, -1).toLowerCase();
  const tail = (firstWord.exec(next)?.[0] ?? "").toLowerCase();
  if (vocabulary.has(head + tail)) return false;
  // Capitals before the hyphen are an abbreviation ("PDF-" "based"), which is never divided.
  return vocabulary.has(`${head}-${tail}`) || /\p{Lu}{2}[-‐]$/u.test(text);
}

function isUnspaced(text: string, next: string): boolean {
  const last = text.at(-1) ?? "";
  const first = next[0] ?? "";
  if (!unspaced.test(last) || !unspaced.test(first)) return false;
  return unspacedLetter.test(last) || unspacedLetter.test(first);
}
