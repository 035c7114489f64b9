/** Why a call was given up. */
export class CallTimeout extends Error {
  override readonly name = "CallTimeout";
}

/**
 * Bounds a call: all of it, and the phase that it is in. `signal` is aborted by whichever ends first, with a
 * CallTimeout, or with the caller's own reason.
 */
export class CallTimer {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #total: NodeJS.Timeout;
  #phase: NodeJS.Timeout | undefined;

  constructor(caller: AbortSignal, totalMs: number) {
    this.#caller = caller;
    this.#total = this.#endsAfter(totalMs, `no full answer within ${totalMs} ms`);
    if (caller.aborted) this.#controller.abort(caller.reason);
    caller.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins a phase: `message` says what was waited for in vain. */
  expect(limitMs: number, message: string): void {
    clearTimeout(this.#phase);
    this.#phase = this.#endsAfter(limitMs, message);
  }

  /** Begins the same phase anew. */
  renew(): void {
    this.#phase?.refresh();
  }

  /** Ends the phase; what follows has all the time that is left. */
  rest(): void {
    clearTimeout(this.#phase);
  }

  close(): void {
    clearTimeout(this.#total);
    this.rest();
    this.#caller.removeEventListener("abort", this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => this.#controller.abort(this.#caller.reason);

  #endsAfter(ms: number, message: string): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new CallTimeout(message)), ms);
  }
}
