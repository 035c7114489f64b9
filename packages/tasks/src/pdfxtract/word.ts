import type { PageBox, TextRun } from "./pdf-document.ts";

/** A run with its edges, as the layout steps measure it. */
export type Word = PageBox & {
  run: TextRun;
  text: string;
  fontSize: number;
  baseline: number;
  monospaced: boolean;
};

const monospacedName = /mono|courier|typewriter|consol|cmtt|sftt|menlo|txtt|fixed|code/i;

export function toWord(run: TextRun): Word {
  return {
    run,
    text: run.text,
    fontSize: run.fontSize,
    baseline: run.baseline,
    monospaced: monospacedName.test(run.fontName),
    left: run.x,
    right: run.x + run.width,
    top: run.y,
    bottom: run.y + run.height,
  };
}
