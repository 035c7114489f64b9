import type {
  BreakerState,
  GuardAnswer,
  GuardPolicy,
  ServiceGuards,
  TurnAnswer,
  TurnRequest,
} from "@workstream/core";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { LoopBatch } from "./loop-batch.ts";
import type { TurnPlace } from "./turn-place.ts";
import { TurnReturns } from "./turn-returns.ts";
import { TurnTicket } from "./turn-ticket.ts";
import { type Waiting, WaitingLine } from "./waiting-line.ts";

type Parts = {
  guards: Pick<ServiceGuards, "acquire" | "confirm" | "cancel">;
  policy: GuardPolicy;
  maxWaitMs: number;
  clock: Clock;
  logger: Logger;
  /** `askedAt`: when the store was asked, monotonic ms. */
  onBreaker(state: BreakerState, askedAt: number): void;
};

class Waiter implements Waiting {
  readonly ticket: TurnTicket;
  place: TurnPlace;
  isConfirming = false;

  constructor(ticket: TurnTicket, place: TurnPlace) {
    this.ticket = ticket;
    this.place = place;
  }
}

/** A script that reserves more would hold the store for too long. */
const maxBatch = 250;
/** Turns that come this close together are confirmed together, when the last of them is due. */
const groupMs = 5;
/** Less than what a limiter keeps back for late calls (docs/guards.md). */
const staleAfterMs = 400;
const maxStaleAnswers = 3;
/** A process that begins to call a service is slow at first: code is compiled, connections are made. */
const coldMs = 2_000;
/** Sums of fractions of a millisecond miss whole ones by less. */
const clockErrorMs = 0.01;

/**
 * Where the calls of one service in this process get their turns.
 *
 * asked for ──acquire──▶ granted · sent away · waiting for its place ──confirm──▶ granted · sent away · waiting
 *
 * What is asked for in one turn of the event loop goes in one script. A wait is a timer, and when it is over one
 * script confirms all who are due; nobody polls. A place whose caller has gone moves the others here up.
 */
export class TurnDesk {
  readonly #parts: Parts;
  readonly #line = new WaitingLine<Waiter>();
  readonly #asked = new LoopBatch<TurnTicket>({ size: maxBatch, send: (tickets) => this.#acquire(tickets) });
  readonly #confirmed = new LoopBatch<Waiter>({ size: maxBatch, send: (waiters) => this.#confirm(waiters) });
  readonly #returns: TurnReturns;
  #coldUntil: number | null = null;
  #numbers = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #closedBy: Error | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#returns = new TurnReturns(parts);
  }

  ask(request: TurnRequest): TurnTicket {
    const ticket = new TurnTicket(request, (withdrawn) => this.#withdrawn(withdrawn));
    if (this.#closedBy) ticket.fail(this.#closedBy);
    else this.#asked.add(ticket);
    return ticket;
  }

  /** A turn that was granted and is not used. */
  giveBack(place: TurnPlace): void {
    this.#free(place);
    this.#setTimer();
  }

  /** The service was held, or its breaker has changed: what it means for those who wait, the store knows. */
  recheck(): void {
    for (const waiter of this.#line.idle()) this.#ask(waiter);
    this.#confirmed.flush();
    this.#setTimer();
  }

  /** Ends every wait with `reason` and gives the places back. Resolves when the store has answered everything. */
  async close(reason: Error): Promise<void> {
    this.#closedBy = reason;
    for (const { ticket } of this.#line.idle()) ticket.withdraw(reason);
    this.#setTimer();
    await this.#asked.idle();
    await this.#confirmed.idle();
    await this.#returns.idle();
  }

  async #acquire(asked: readonly TurnTicket[]): Promise<void> {
    const { guards, policy, maxWaitMs } = this.#parts;
    if (this.#closedBy) for (const ticket of asked) ticket.withdraw(this.#closedBy);
    const tickets = asked.filter(({ isOver }) => !isOver);
    if (tickets.length === 0) return;
    const askedAt = this.#parts.clock.nowMs();
    this.#coldUntil ??= askedAt + coldMs;
    const isCold = askedAt < this.#coldUntil;
    const requests = tickets.map(({ request }) => (isCold ? { ...request, isCold } : request));
    const answers = await this.#answers(
      () => guards.acquire(policy, requests, maxWaitMs),
      (error) => {
        for (const ticket of tickets) if (!ticket.isOver) ticket.fail(error);
      },
    );
    answers.forEach((answer, index) => {
      const ticket = tickets[index];
      if (ticket) this.#acquired(ticket, answer, askedAt);
    });
    this.#setTimer();
  }

  #acquired(ticket: TurnTicket, answer: TurnAnswer, askedAt: number): void {
    if (answer.kind === "park") {
      this.#sendAway(ticket, answer);
      return;
    }
    if (answer.kind === "granted" && this.#isStale(ticket, askedAt)) {
      this.#askAnew(ticket, answer);
      return;
    }
    const { cost, tokens } = ticket.request;
    this.#numbers += 1;
    this.#take(ticket, this.#placeBy(answer, { number: this.#numbers, cost, tokens }));
  }

  /**
   * A turn that was granted long ago by the time its answer is read, since this process stood still, would be used
   * together with later ones: more calls at once than the limit allows. A few tries, for a store may be slow too.
   */
  #isStale(ticket: TurnTicket, askedAt: number): boolean {
    return this.#parts.clock.nowMs() - askedAt > staleAfterMs && ticket.staleAnswers < maxStaleAnswers;
  }

  #askAnew(ticket: TurnTicket, answer: Extract<TurnAnswer, { kind: "granted" }>): void {
    ticket.staleAnswers += 1;
    this.#numbers += 1;
    this.#returns.add(this.#placeBy(answer, { ...ticket.request, number: this.#numbers }));
    if (!ticket.isOver) this.#asked.add(ticket);
  }

  #placeBy(
    answer: Exclude<TurnAnswer, { kind: "park" }>,
    { number, cost, tokens }: Pick<TurnPlace, "number" | "cost" | "tokens">,
  ): TurnPlace {
    const isGranted = answer.kind === "granted";
    const dueAt = this.#parts.clock.nowMs() + (isGranted ? 0 : answer.waitMs);
    return { turn: answer.turn, number, cost, tokens, dueAt, isGranted };
  }

  #take(ticket: TurnTicket, place: TurnPlace): void {
    if (ticket.isOver || this.#closedBy) this.#free(place);
    else if (place.isGranted) ticket.admit({ kind: "granted", place });
    else this.#line.add(new Waiter(ticket, place));
    if (this.#closedBy) ticket.withdraw(this.#closedBy);
  }

  #ask(waiter: Waiter): void {
    waiter.isConfirming = true;
    this.#confirmed.add(waiter);
  }

  async #confirm(waiters: readonly Waiter[]): Promise<void> {
    const { guards, policy, maxWaitMs } = this.#parts;
    const turns = waiters.map(({ place }) => place.turn);
    const askedAt = this.#parts.clock.nowMs();
    const answers = await this.#answers(
      () => guards.confirm(policy, turns, maxWaitMs),
      (error) => {
        for (const waiter of waiters) this.#lose(waiter, error);
      },
    );
    answers.forEach((answer, index) => {
      const waiter = waiters[index];
      if (waiter) this.#told(waiter, answer, askedAt);
    });
    this.#setTimer();
  }

  /** Who has to wait on keeps their place in the line. */
  #told(waiter: Waiter, answer: TurnAnswer, askedAt: number): void {
    const { ticket } = waiter;
    waiter.isConfirming = false;
    if (answer.kind === "granted" && this.#isStale(ticket, askedAt)) {
      this.#line.remove(waiter);
      this.#askAnew(ticket, answer);
      return;
    }
    if (answer.kind !== "park") waiter.place = this.#placeBy(answer, waiter.place);
    if (answer.kind === "wait" && !ticket.isOver && !this.#closedBy) return;
    this.#line.remove(waiter);
    if (answer.kind === "park") this.#sendAway(ticket, answer);
    else this.#take(ticket, waiter.place);
  }

  #sendAway(ticket: TurnTicket, { reason, delayMs }: Extract<TurnAnswer, { kind: "park" }>): void {
    if (!ticket.isOver) ticket.admit({ kind: "refused", reason, delayMs });
  }

  /** Whether the place is still reserved nobody knows; giving it back twice would let too many through. */
  #lose(waiter: Waiter, error: unknown): void {
    this.#line.remove(waiter);
    if (!waiter.ticket.isOver) waiter.ticket.fail(error);
  }

  async #answers(call: () => Promise<GuardAnswer>, onError: (error: unknown) => void): Promise<TurnAnswer[]> {
    const askedAt = this.#parts.clock.nowMs();
    try {
      const { answers, breaker } = await call();
      this.#parts.onBreaker(breaker, askedAt);
      return answers;
    } catch (error) {
      onError(error);
      return [];
    }
  }

  /** One about whom the store is being asked leaves the line with the answer. */
  #withdrawn(ticket: TurnTicket): void {
    const waiter = this.#line.idle().find((each) => each.ticket === ticket);
    if (!waiter) return;
    this.#line.remove(waiter);
    this.#free(waiter.place);
    this.#setTimer();
  }

  /** A granted place is used at once by the first who can; what is left over goes back to the store. */
  #free(place: TurnPlace): void {
    const next = place.isGranted && !this.#closedBy ? this.#line.firstFor(place) : undefined;
    if (!next) {
      this.#returns.add(this.#closedBy ? place : this.#line.moveUp(place));
      return;
    }
    this.#line.remove(next);
    next.ticket.admit({ kind: "granted", place });
    this.#returns.add(this.#line.moveUp(next.place));
  }

  #setTimer(): void {
    const at = this.#line.groupDueAt(groupMs);
    if (at === this.#timerAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.max(0, Math.ceil(at - this.#parts.clock.nowMs() - clockErrorMs));
    this.#timer = setTimeout(() => this.#confirmDue(at), delayMs);
  }

  #confirmDue(by: number): void {
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = Math.max(by, this.#parts.clock.nowMs());
    for (const waiter of this.#line.idle()) if (waiter.place.dueAt <= now) this.#ask(waiter);
    this.#confirmed.flush();
    this.#setTimer();
  }
}
