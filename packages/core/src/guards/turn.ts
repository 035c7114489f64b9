import type { Turn } from "../ports/guards.ts";
import type { Reservation } from "./limiter.ts";
import { noPlace, type Place } from "./virtual-clock.ts";

/** What a turn stands for. The caller carries it, so that the store keeps nothing for each of them. */
export type Ticket = Reservation & {
  cost: number;
  /** Of the service's own tokens. */
  estimate: number;
  /** The breaker's, when the turn was reserved or last confirmed. */
  version: number;
  probeId: string | null;
};

export function encodeTurn(ticket: Ticket): Turn {
  const { dueAt, requests, tokens, shiftMs, cost, estimate, version, probeId } = ticket;
  const places = [requests.endAt, requests.lengthMs, tokens.endAt, tokens.lengthMs];
  return [dueAt, ...places, shiftMs, cost, estimate, version, probeId ?? ""].join(" ");
}

/** One that is none of ours is of no version and has no place, so that it spoils no other's record. */
export function decodeTurn(turn: Turn): Ticket {
  const parts = turn.split(" ");
  const probeId = parts.pop() ?? "";
  const numbers = parts.map((part) => (part === "" ? Number.NaN : Number(part)));
  if (numbers.length !== 9 || !numbers.every(Number.isFinite)) return foreignTurn;
  const [dueAt, endAt, lengthMs, tokensEndAt, tokensMs, shiftMs, cost, estimate, version] = numbers as Nine;
  return {
    dueAt,
    requests: place(endAt, lengthMs),
    tokens: place(tokensEndAt, tokensMs),
    shiftMs,
    cost,
    estimate,
    version,
    probeId: probeId === "" ? null : probeId,
  };
}

const foreignTurn: Ticket = {
  dueAt: 0,
  requests: noPlace,
  tokens: noPlace,
  shiftMs: 0,
  cost: 1,
  estimate: 0,
  version: -1,
  probeId: null,
};

type Nine = [number, number, number, number, number, number, number, number, number];

function place(endAt: number, lengthMs: number): Place {
  return endAt === 0 ? noPlace : { endAt, lengthMs };
}
