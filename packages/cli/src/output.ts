import { stripVTControlCharacters, styleText } from "node:util";

/** Data goes to stdout, everything that is said about it to stderr, so that pipes carry data alone. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(data: unknown): void {
  print(JSON.stringify(data, null, 2));
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A terminal that knows its width: some programs' pseudo-terminals say 0, and nothing can be drawn there. */
export function isTerminal(): boolean {
  return process.stdout.isTTY === true && process.stdout.columns > 0;
}

/** Colour on a terminal alone, and not where NO_COLOR is set. */
export function styled(style: Parameters<typeof styleText>[0], text: string): string {
  return isTerminal() && process.stdout.hasColors() ? styleText(style, text) : text;
}

/** Rows in columns as wide as their widest cell. The last column is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ""))));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

/** At most `length` characters of a text on one line. */
export function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
