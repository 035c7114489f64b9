import { expect, it } from "vitest";
import { decodeTurn, encodeTurn, type Ticket } from "./turn.ts";
import { noPlace } from "./virtual-clock.ts";

const ticket: Ticket = {
  dueAt: 1_767_268_800_123.4568,
  requests: { endAt: 1_767_268_800_123.4568, lengthMs: 43.47826086956522 },
  tokens: { endAt: 1_767_268_800_000.1, lengthMs: 1e-7 },
  shiftMs: 5_000,
  cost: 0.5,
  estimate: 1_200,
  version: 7,
  probeId: "3",
};

it("reads back to the last digit", () => {
  expect(decodeTurn(encodeTurn(ticket))).toEqual(ticket);
  const bare = { ...ticket, requests: noPlace, tokens: noPlace, probeId: null };
  expect(decodeTurn(encodeTurn(bare))).toEqual(bare);
});

it.each(["", "1 2 3", "a b c d e f g h i j", "1 2 3 4 5 6 7 8  9", "1 2 3 4 5 6 7 8 Infinity x"])(
  "reads what is no turn as one of no version and no place: %j",
  (text) => {
    expect(decodeTurn(text)).toMatchObject({
      version: -1,
      requests: noPlace,
      tokens: noPlace,
      probeId: null,
    });
  },
);
