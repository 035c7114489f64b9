import type { OutputWrite } from "./output-feed.ts";

/** A block is laid out anew with each write to it, those before it are not. */
const blockLength = 4_000;

/** Text that grows: blocks that end at a line break, and only the last of them is written to. */
export class OutputDocument {
  readonly #root: HTMLElement;
  #last: Text | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  write({ isReset, text }: OutputWrite): void {
    if (isReset) {
      this.#root.replaceChildren();
      this.#last = null;
    }
    let rest = text;
    while (rest !== "") rest = this.#append(rest);
  }

  /** What does not belong into this block any more. */
  #append(text: string): string {
    const block = this.#last ?? this.#open();
    const spare = blockLength - block.length;
    const cut = text.indexOf("\n", Math.max(0, spare));
    if (cut === -1) {
      block.appendData(text);
      return "";
    }
    // The break itself is what the end of a block stands for.
    block.appendData(text.slice(0, cut));
    if (block.length === 0) block.appendData("\u200b");
    this.#last = null;
    return text.slice(cut + 1);
  }

  #open(): Text {
    const block = document.createElement("div");
    const text = document.createTextNode("");
    block.append(text);
    this.#root.append(block);
    this.#last = text;
    return text;
  }
}
