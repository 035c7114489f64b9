import type { TurnRequest } from "@workstream/core";
import type { RefusalReason } from "../definition/guarded-service.ts";
import type { TurnPlace } from "./turn-place.ts";

export type TurnRefusal = { kind: "refused"; reason: RefusalReason; delayMs: number };
export type TurnAdmission = { kind: "granted"; place: TurnPlace } | TurnRefusal;

/**
 * One caller's request for a turn: asked ──▶ waiting (it has a place, about which the store may be asked) ──▶ over.
 *
 * It can be over for the caller while the store's answer is still to come; the place that comes with the answer is
 * free then.
 */
export class TurnTicket {
  readonly request: TurnRequest;
  /** Grants that came too late to be used. */
  staleAnswers = 0;
  readonly answer: Promise<TurnAdmission>;
  #isOver = false;
  #resolve: (admission: TurnAdmission) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  readonly #onWithdrawn: (ticket: TurnTicket) => void;

  constructor(request: TurnRequest, onWithdrawn: (ticket: TurnTicket) => void) {
    this.request = request;
    this.#onWithdrawn = onWithdrawn;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  admit(admission: TurnAdmission): void {
    this.#isOver = true;
    this.#resolve(admission);
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#reject(error);
  }

  /** The caller waits no longer; `answer` rejects with the reason. */
  withdraw(reason: unknown): void {
    if (this.#isOver) return;
    this.fail(reason);
    this.#onWithdrawn(this);
  }
}
