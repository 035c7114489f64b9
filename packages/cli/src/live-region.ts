import { clearScreenDown, moveCursor } from "node:readline";

/** A block of lines on the terminal that each call replaces. */
export function createLiveRegion(output: NodeJS.WriteStream): (text: string) => void {
  let shownLines = 0;
  return (text) => {
    if (shownLines > 0) moveCursor(output, -output.columns, -shownLines);
    clearScreenDown(output);
    output.write(`${text}\n`);
    shownLines = text.split("\n").length;
  };
}
