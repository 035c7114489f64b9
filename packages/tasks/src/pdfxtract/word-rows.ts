import { sharedHeight } from "./box.ts";
import type { PageBox } from "./pdf-document.ts";
import type { Word } from "./word.ts";

const rowPoints = 16;

/** Finds the words near a place without looking at all of them. */
export class WordRows {
  readonly #rows = new Map<number, Word[]>();

  constructor(words: readonly Word[]) {
    for (const word of words) {
      for (const row of rowsOf(word)) {
        const inRow = this.#rows.get(row);
        if (inRow) inRow.push(word);
        else this.#rows.set(row, [word]);
      }
    }
  }

  /** The nearest word to the right that stands beside at least half of the smaller of the two. */
  rightNeighbour(word: Word): Word | undefined {
    let nearest: Word | undefined;
    for (const other of this.#around(word)) {
      if (other === word || other.left < word.left || (nearest && other.left >= nearest.left)) continue;
      // Kerning may draw a letter far over the one before it, as in the logo of TeX.
      if (
        other.left < word.right - 0.5 * Math.max(word.fontSize, other.fontSize) ||
        other.right <= word.right
      )
        continue;
      if (sharedHeight(word, other) >= 0.5 * Math.min(word.fontSize, other.fontSize)) nearest = other;
    }
    return nearest;
  }

  /** Whether no word reaches into the box. */
  isEmpty(box: PageBox): boolean {
    for (const word of this.#around(box)) {
      const apart =
        word.right <= box.left || word.left >= box.right || word.bottom <= box.top || word.top >= box.bottom;
      if (!apart) return false;
    }
    return true;
  }

  *#around(box: PageBox): Generator<Word> {
    for (const row of rowsOf(box)) yield* this.#rows.get(row) ?? [];
  }
}

function rowsOf(box: PageBox): number[] {
  const first = Math.floor(box.top / rowPoints);
  const last = Math.floor(box.bottom / rowPoints);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
}
