import type { QueueEvent } from "@workstream/core";

type LoggedFrame = { number: number; atMs: number; frame: string };

export type EventLogLimits = { maxLogEvents: number; maxLogAgeMs: number };

/**
 * The newest events of a stream, numbered `{boot}-{n}`, as they went out on the wire.
 *
 * An id of this boot resumes if nothing after it has been dropped. Every event is serialized once, here.
 */
export class EventLog {
  readonly #bootId: string;
  readonly #limits: EventLogLimits;
  #frames: LoggedFrame[] = [];
  #head = 0;
  /** Ids below this one can't be resumed from. */
  #oldest = 0;

  constructor(bootId: string, limits: EventLogLimits) {
    this.#bootId = bootId;
    this.#limits = limits;
  }

  append(event: QueueEvent, nowMs: number): string {
    this.#head += 1;
    const frame = this.frame(event);
    this.#frames.push({ number: this.#head, atMs: nowMs, frame });
    this.#drop(nowMs);
    return frame;
  }

  /** The event under the newest id, for one reader alone. */
  frame(event: QueueEvent): string {
    return `id: ${this.#bootId}-${this.#head}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  /** What followed the event with this id, or null when that is not known any more. */
  since(id: string, nowMs: number): string | null {
    this.#drop(nowMs);
    const [, boot, digits] = /^(.+)-(\d{1,15})$/.exec(id) ?? [];
    const number = Number(digits);
    if (boot !== this.#bootId || number > this.#head || number < this.#oldest) return null;
    return this.#frames
      .filter((logged) => logged.number > number)
      .map(({ frame }) => frame)
      .join("");
  }

  /** Forgets everything: from here on, no earlier id resumes. */
  clear(): void {
    this.#frames = [];
    this.#head += 1;
    this.#oldest = this.#head;
  }

  #drop(nowMs: number): void {
    const { maxLogEvents, maxLogAgeMs } = this.#limits;
    const firstYoung = this.#frames.findIndex(({ atMs }) => nowMs - atMs <= maxLogAgeMs);
    const tooOld = firstYoung === -1 ? this.#frames.length : firstYoung;
    const dropped = this.#frames.splice(0, Math.max(tooOld, this.#frames.length - maxLogEvents));
    this.#oldest = dropped.at(-1)?.number ?? this.#oldest;
  }
}
