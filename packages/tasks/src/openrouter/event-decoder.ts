/** Longer than any line that a model's server sends; a stream without line ends must not fill the memory. */
const maxLineLength = 4 * 1024 * 1024;

/**
 * Decodes a stream of server-sent events (the WHATWG's rules) into the data of each event. Comments, event names, ids
 * and events without data are skipped. Characters, line ends and events may be split anywhere between two chunks.
 *
 * No library: eventsource-parser is the kept one, and this is all of it that such streams need.
 */
export class EventDecoder {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #data: string[] = [];

  /**
   * The data of every event that the bytes complete.
   * @throws RangeError for a line of more than 4 MB
   */
  decode(bytes: Uint8Array): string[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    // A carriage return at the very end may be the first half of a line end.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > maxLineLength) throw new RangeError("A line of the stream has no end.");
    return lines.flatMap((line) => this.#take(line));
  }

  /** What is left of an event when the stream ends without the empty line that closes it. */
  end(): string[] {
    const line = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return [...this.#take(line), ...this.#take("")];
  }

  #take(line: string): string[] {
    if (line === "") return this.#close();
    if (line.startsWith("data:")) this.#data.push(line.slice("data:".length).replace(/^ /, ""));
    return [];
  }

  #close(): string[] {
    if (this.#data.length === 0) return [];
    const data = this.#data.join("\n");
    this.#data = [];
    return [data];
  }
}
