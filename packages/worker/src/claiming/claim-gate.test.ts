import { describe, expect, it } from "vitest";
import { silentLogger } from "../logger.ts";
import { ClaimGate } from "./claim-gate.ts";

function setUp() {
  const asked: string[][] = [];
  const known: string[] = [];
  const gate = new ClaimGate({
    workerId: "w",
    store: {
      async recover(_, leases) {
        asked.push(leases.map(({ id }) => id));
        return 1;
      },
    },
    knownLeases: () => known.map((id) => ({ id, token: "1" })),
    onClosed() {},
    logger: silentLogger,
  });
  return { gate, asked, known };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe("ClaimGate", () => {
  it("is shut from an unknown outcome until what it took is handed back, once, for all who ask", async () => {
    const { gate, asked } = setUp();
    gate.noteUnknown();
    expect(gate.isOpen).toBe(false);
    expect(await Promise.all([gate.recover(), gate.recover()])).toEqual([1, 1]);
    expect([gate.isOpen, asked.length]).toEqual([true, 1]);
  });

  it("asks when no claim is under way any more, with what those have brought", async () => {
    const { gate, asked, known } = setUp();
    gate.enter();
    gate.noteUnknown();
    const recovered = gate.recover();
    await soon();
    expect(asked).toEqual([]);
    gate.leave();
    known.push("a");
    await recovered;
    expect(asked).toEqual([["a"]]);
  });

  it("lets nobody in once it is closed, and is closed when those under way have ended", async () => {
    const { gate } = setUp();
    gate.enter();
    let isClosed = false;
    const closed = gate.close().then(() => {
      isClosed = true;
    });
    await soon();
    expect([gate.isOpen, isClosed]).toEqual([false, false]);
    gate.leave();
    await closed;
    await gate.recover();
    expect(gate.isOpen).toBe(false);
  });
});
