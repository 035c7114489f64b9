/**
 * What a task writes while it runs, handed on to the page at most once a frame.
 *
 * A long answer comes in thousands of tokens. They are gathered here, outside of React, and written into the document
 * by whoever shows them (live-output.tsx): a token costs no render, and a frame one write.
 */
export type OutputWrite = { isReset: boolean; text: string };
type Sink = (write: OutputWrite) => void;

export class OutputFeed {
  readonly #schedule: (flush: () => void) => void;
  #written = "";
  #fresh: string[] = [];
  #isReset = false;
  #isScheduled = false;
  #sink: Sink | null = null;
  readonly #listeners = new Set<() => void>();

  /** @param schedule calls back once, with the next frame unless told */
  constructor(schedule: (flush: () => void) => void = (flush) => void requestAnimationFrame(flush)) {
    this.#schedule = schedule;
  }

  append(text: string): void {
    this.#fresh.push(text);
    this.#soon();
  }

  /** What came before counts no longer. */
  reset(text: string): void {
    this.#fresh = [text];
    this.#isReset = true;
    this.#soon();
  }

  /** Everything written so far. */
  text = (): string => this.#written;

  isEmpty = (): boolean => this.#written === "";

  /** Called when it is empty no longer, or again. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** One shows it at a time; it begins with what is there. */
  show(sink: Sink): () => void {
    this.#sink = sink;
    sink({ isReset: true, text: this.#written });
    return () => {
      if (this.#sink === sink) this.#sink = null;
    };
  }

  #soon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => this.#flush());
  }

  #flush(): void {
    const write = { isReset: this.#isReset, text: this.#fresh.join("") };
    const wasEmpty = this.isEmpty();
    this.#written = write.isReset ? write.text : this.#written + write.text;
    this.#fresh = [];
    this.#isReset = false;
    this.#isScheduled = false;
    this.#sink?.(write);
    if (wasEmpty !== this.isEmpty()) for (const listener of this.#listeners) listener();
  }
}
