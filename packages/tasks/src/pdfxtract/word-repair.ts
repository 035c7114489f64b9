import { sharedHeight } from "./box.ts";
import type { Word } from "./word.ts";

const minDropCapRatio = 1.7;
const LEADER = /^[.·․‥…]+$/u;
const minLeaderDots = 4;

/** Puts an initial that is set over several lines back on the word that it begins. */
export function mergeDropCaps(words: readonly Word[]): Word[] {
  const merged = new Map<Word, Word>();
  const caps = new Set<Word>();
  for (const cap of words) {
    if (!/^["“„«'‘]?\p{Lu}$/u.test(cap.text)) continue;
    const begun = wordBegunBy(cap, words);
    if (!begun) continue;
    caps.add(cap);
    merged.set(begun, { ...begun, text: cap.text + begun.text, left: Math.min(begun.left, cap.right) });
  }
  return words.filter((word) => !caps.has(word)).map((word) => merged.get(word) ?? word);
}

function wordBegunBy(cap: Word, words: readonly Word[]): Word | undefined {
  const beside = words.filter(
    (word) =>
      cap.fontSize >= minDropCapRatio * word.fontSize &&
      word.left >= cap.right - 0.3 * cap.fontSize &&
      word.left - cap.right < 1.2 * word.fontSize &&
      sharedHeight(cap, word) > 0.3 * word.fontSize &&
      word.baseline <= cap.baseline + 0.2 * word.fontSize,
  );
  // Beside one line only it is a large letter, not an initial.
  if (beside.length < 2) return undefined;
  return beside.reduce((first, word) => (word.top < first.top ? word : first));
}

/** Rows of dots to one "…", which keeps a line of a table of contents together. */
export function collapseLeaders(words: readonly Word[]): Word[] {
  const kept: Word[] = [];
  let leader: Word | undefined;
  let dots = 0;
  for (const word of words) {
    const onLeader = LEADER.test(word.text);
    if (onLeader && leader && Math.abs(leader.baseline - word.baseline) < 0.5 && word.left > leader.left) {
      dots += word.text.length;
      leader.right = word.right;
      if (dots >= minLeaderDots) leader.text = "…";
      else leader.text += word.text;
      continue;
    }
    leader = onLeader ? { ...word } : undefined;
    dots = word.text.length;
    if (leader && dots >= minLeaderDots) leader.text = "…";
    kept.push(leader ?? word);
  }
  return kept;
}
