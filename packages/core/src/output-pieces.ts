import type { NewOutput } from "./ports/task-outputs.ts";

/** UTF-16 units; at most 30 kB in UTF-8, so that no single entry is most of a log or a heavy message. */
export const maxPieceLength = 10_000;

/** The same text in entries that are short enough to be stored and sent one by one. Never parts a surrogate pair. */
export function outputPieces(entries: readonly NewOutput[]): NewOutput[] {
  return entries.flatMap(({ kind, text }) => {
    if (text.length <= maxPieceLength) return [{ kind, text }];
    return splitText(text).map((piece, index) => ({ kind: index === 0 ? kind : "output", text: piece }));
  });
}

function splitText(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += pieces.at(-1)?.length ?? 0) {
    const end = at + maxPieceLength;
    pieces.push(text.slice(at, isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end));
  }
  return pieces;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
