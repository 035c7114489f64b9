import type { RunTimes } from "../claiming/run-times.ts";
import type { Slots } from "../claiming/slots.ts";
import type { Clock } from "../clock.ts";
import type { Attempt } from "./attempt.ts";
import { WaitingAttempts } from "./waiting-attempts.ts";

type Parts = {
  slots: Pick<Slots, "hasRoom" | "occupy" | "vacate">;
  runTimes: Pick<RunTimes, "restart">;
  clock: Clock;
  /** There is a slot: runs the handler. */
  begin(attempt: Attempt): void;
  /** Settles an attempt that has not begun as released. */
  handBack(attempt: Attempt): void;
};

/** None waits longer: then something that was thought to be fast is not. */
const longestWaitMs = 30;
const lookEveryMs = 15;
/** Handlers that begin one after another in one turn of the event loop may hold up the rest for so long. */
const longestTurnMs = 1;

/**
 * Where attempts wait that were claimed ahead of a slot.
 *
 * One begins as soon as another ends. When the oldest has waited too long, for what runs takes longer than run
 * times foretold, all are handed back, the newest first, so that they stand in their queue as before.
 */
export class Antechamber {
  readonly #parts: Parts;
  readonly #waiting = new WaitingAttempts();
  #timer: NodeJS.Timeout | null = null;
  #turnEndsAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The attempt begins, at once or in its turn. */
  admit(attempt: Attempt): void {
    if (this.size === 0 && this.#parts.slots.hasRoom) {
      this.#begin(attempt);
      return;
    }
    attempt.wait();
    this.#waiting.add(attempt);
    this.#timer ??= setTimeout(() => this.#look(), lookEveryMs);
  }

  /** A handler ended, or was given up: its slot is free. */
  vacate(): void {
    this.#parts.slots.vacate();
    this.#beginNext();
  }

  /** The attempt is nobody's any more: it does not begin. */
  remove(attempt: Attempt): void {
    this.#waiting.remove(attempt);
  }

  handBackAll(): void {
    for (const attempt of this.#waiting.takeAll().reverse()) this.#parts.handBack(attempt);
  }

  /** Stops the timer. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #begin(attempt: Attempt): void {
    this.#parts.slots.occupy();
    this.#parts.begin(attempt);
  }

  #beginNext(): void {
    while (this.size > 0 && this.#parts.slots.hasRoom && !this.#isTurnOver()) {
      const attempt = this.#waiting.take() as Attempt;
      attempt.begin(this.#parts.clock.nowMs());
      this.#begin(attempt);
    }
  }

  /** Handlers that never wait would otherwise follow one another while results and timers stand by. */
  #isTurnOver(): boolean {
    const now = this.#parts.clock.nowMs();
    if (this.#turnEndsAt > 0) return now >= this.#turnEndsAt;
    this.#turnEndsAt = now + longestTurnMs;
    setImmediate(() => {
      this.#turnEndsAt = 0;
      this.#beginNext();
    });
    return false;
  }

  #look(): void {
    this.#timer = null;
    const { oldest } = this.#waiting;
    if (!oldest) return;
    const { slots, runTimes, clock } = this.#parts;
    if (!slots.hasRoom && clock.nowMs() - oldest.startedAt > longestWaitMs) {
      runTimes.restart();
      this.handBackAll();
    } else {
      this.#timer = setTimeout(() => this.#look(), lookEveryMs);
    }
  }
}
