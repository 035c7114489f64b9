import type { ClaimedTask, Lane } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Slots } from "../claiming/slots.ts";
import { systemClock } from "../clock.ts";
import { defineTask } from "../definition/define-task.ts";
import { Antechamber } from "./antechamber.ts";
import { Attempt } from "./attempt.ts";

const definition = defineTask({ type: "echo", input: z.string(), output: z.string(), run: (input) => input });

/** What has begun ends when the test vacates its slot. */
function setUp({ slots = 1 } = {}) {
  const begun: string[] = [];
  const handedBack: string[] = [];
  let restarts = 0;
  const antechamber = new Antechamber({
    slots: new Slots(slots, []),
    runTimes: {
      restart() {
        restarts += 1;
      },
    },
    clock: systemClock,
    begin: ({ task }) => begun.push(task.id),
    handBack: ({ task }) => handedBack.push(task.id),
  });
  const admitFrom = (lane: Lane, id: string) => {
    const attempt = new Attempt(
      { id, lane, timeoutMs: null } as ClaimedTask,
      definition,
      systemClock.nowMs(),
    );
    antechamber.admit(attempt);
    return attempt;
  };
  const admit = (id: string) => admitFrom("normal", id);
  return { antechamber, admit, admitFrom, begun, handedBack, restarts: () => restarts };
}

describe("Antechamber", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("lets as many begin as there are slots, and the next when one ends, in their order", () => {
    const { antechamber, admit, begun } = setUp({ slots: 2 });
    for (const id of ["a", "b", "c", "d"]) admit(id);
    expect(begun).toEqual(["a", "b"]);
    expect(antechamber.size).toBe(2);
    antechamber.vacate();
    admit("e");
    expect(begun).toEqual(["a", "b", "c"]);
    antechamber.vacate();
    antechamber.vacate();
    expect(begun).toEqual(["a", "b", "c", "d", "e"]);
    expect(antechamber.size).toBe(0);
  });

  it("lets what came from a higher lane begin before what was claimed from a lower one, retries with the normal ones", () => {
    const { antechamber, admitFrom, begun } = setUp();
    for (const id of ["first", "low 1", "low 2"]) admitFrom("low", id);
    admitFrom("normal", "normal");
    admitFrom("retry", "retry");
    admitFrom("normal", "normal 2");
    admitFrom("high", "high");
    for (let n = 0; n < 6; n += 1) antechamber.vacate();
    expect(begun).toEqual(["first", "high", "normal", "retry", "normal 2", "low 1", "low 2"]);
    expect(antechamber.size).toBe(0);
  });

  it("lets one in ten begin because it has waited longest, whatever lane it came from", () => {
    const { antechamber, admitFrom, begun } = setUp();
    for (const id of ["first", "low 1", "low 2"]) admitFrom("low", id);
    vi.advanceTimersByTime(1);
    for (let n = 1; n <= 40; n += 1) admitFrom("high", `high ${n}`);
    for (let n = 0; n < 30; n += 1) antechamber.vacate();
    expect(begun.map((id) => id.split(" ")[0])).toEqual([
      "first",
      ...[...Array(9).fill("high"), "low"],
      ...[...Array(9).fill("high"), "low"],
      ...Array(10).fill("high"),
    ]);
  });

  it("counts the time limit of one that waited from its beginning", () => {
    const { antechamber, admit } = setUp();
    admit("a");
    const waiting = admit("b");
    expect(waiting).toMatchObject({ isWaiting: true, deadlineAt: Number.POSITIVE_INFINITY });
    vi.advanceTimersByTime(10);
    antechamber.vacate();
    const now = systemClock.nowMs();
    expect(waiting).toMatchObject({
      ...{ isWaiting: false, startedAt: now, deadlineAt: now + definition.timeoutMs },
    });
  });

  it("hands back all, the newest first, when the oldest has waited too long", () => {
    const { antechamber, admit, begun, handedBack, restarts } = setUp();
    for (const id of ["long", "a", "b", "c"]) admit(id);
    vi.advanceTimersByTime(30);
    expect(handedBack).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(handedBack).toEqual(["c", "b", "a"]);
    expect(restarts()).toBe(1);
    expect(antechamber.size).toBe(0);
    antechamber.vacate();
    expect(begun).toEqual(["long"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("hands back what came from a lower lane and was passed by too long", () => {
    const { antechamber, admitFrom, handedBack } = setUp();
    admitFrom("low", "first");
    admitFrom("low", "passed by");
    for (let n = 0; n < 9; n += 1) {
      admitFrom("high", String(n));
      vi.advanceTimersByTime(5);
      antechamber.vacate();
    }
    expect(handedBack).toContain("passed by");
  });

  it("keeps those that have not waited long, whatever waited before them", () => {
    const { antechamber, admit, handedBack } = setUp();
    admit("a");
    for (let round = 0; round < 20; round += 1) {
      admit(String(round));
      vi.advanceTimersByTime(5);
      antechamber.vacate();
    }
    expect(handedBack).toEqual([]);
    expect(antechamber.size).toBe(0);
  });

  it("forgets one that is removed, and hands back the rest when asked", () => {
    const { antechamber, admit, begun, handedBack } = setUp();
    admit("a");
    const removed = ["b", "c", "d", "e"].map(admit)[1];
    antechamber.vacate();
    antechamber.remove(removed as Attempt);
    antechamber.handBackAll();
    antechamber.vacate();
    expect([begun, handedBack]).toEqual([
      ["a", "b"],
      ["e", "d"],
    ]);
  });

  it("gives way to the event loop when handlers compute one after another", async () => {
    vi.useRealTimers();
    const order: string[] = [];
    const antechamber: Antechamber = new Antechamber({
      slots: new Slots(1, []),
      runTimes: { restart: () => {} },
      clock: systemClock,
      begin({ task }) {
        order.push(task.id);
        const endsAt = performance.now() + 2;
        while (performance.now() < endsAt);
        queueMicrotask(() => antechamber.vacate());
      },
      handBack: () => {},
    });
    for (let n = 0; n < 4; n += 1) {
      antechamber.admit(
        new Attempt({ id: `t${n}`, lane: "normal" } as ClaimedTask, definition, systemClock.nowMs()),
      );
    }
    for (let n = 0; n < 8; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("loop");
    }
    antechamber.stop();
    expect(order.filter((each) => each !== "loop")).toEqual(["t0", "t1", "t2", "t3"]);
    expect(order.indexOf("loop")).toBeLessThan(order.indexOf("t3"));
  });
});
