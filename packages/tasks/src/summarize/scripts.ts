const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\uff00-\uff60]/u;
const withoutFullStop = /[\p{Script=Thai}\p{Script=Lao}]/gu;
const sentenceEnd = /[.!?…。｡．！？।॥؟۔։።፧᙮។៕။᠃᠉;·‼⁇⁈⁉][\p{Pe}\p{Pf}\p{Pi}"'*_]*$/u;
const greekOnlyEnd = /[;·][\p{Pe}\p{Pf}\p{Pi}"'*_]*$/u;
const greek = /\p{Script=Greek}/u;

/** Chinese and Japanese: no space between words or between sentences. */
export const isUnspaced = (character: string): boolean => unspaced.test(character);

/** Thai and Lao: sentences are set apart by a space, with no mark. */
export const isWithoutFullStop = (text: string): boolean =>
  (text.match(withoutFullStop)?.length ?? 0) * 3 > text.length;

export function endsSentence(text: string): boolean {
  const tail = text.slice(-40);
  return sentenceEnd.test(tail) && (!greekOnlyEnd.test(tail) || greek.test(tail));
}

/** Columns on a fixed-width screen: East Asian characters take two. */
export function displayWidth(line: string): number {
  let width = line.length;
  for (let index = 0; index < line.length; index++) if (line.charCodeAt(index) >= 0x2e80) width++;
  return width;
}
