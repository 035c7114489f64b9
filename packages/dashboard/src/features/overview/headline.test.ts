// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { changePreferences } from "../../lib/preferences.ts";
import { tellHeadline } from "./headline.ts";
import { facts, fleetOf, queue, queuesOf, service, statusOf, worker } from "./system-facts.fixture.ts";

const longWait = queuesOf(queue({ waiting: 1200, oldest_waiting_seconds: 42 }));
const waiting = { status: statusOf({ PENDING: 1200, ACTIVE: 10 }), queues: longWait };

beforeEach(() => changePreferences({ timeZone: "UTC" }));

describe("the headline while tasks flow", () => {
  it.each([
    ["Draining: about 3 minutes to an empty queue", { in: 7, out: 14, net: -7 }],
    ["Draining: less than a minute to an empty queue", { in: 0, out: 100, net: -100 }],
    ["Draining: about 2 hours to an empty queue", { in: 0, out: 0.15, net: -0.15 }],
    ["Growing: 12 a second more come in than go out", { in: 20, out: 8, net: 12 }],
    ["Growing: 30 a minute more come in than go out", { in: 0.6, out: 0.1, net: 0.5 }],
    ["Steady: as much comes in as goes out, 1,200 tasks wait", { in: 10, out: 10.3, net: -0.3 }],
  ])("%s", (text, flow) => {
    expect(tellHeadline(facts({ ...waiting, flow }))).toBe(text);
  });

  it("keeps up while every task starts within seconds, whatever the flow", () => {
    const queues = queuesOf(queue({ waiting: 30, oldest_waiting_seconds: 1.2 }));
    const flow = { in: 20, out: 8, net: 12 };
    const status = statusOf({ PENDING: 30, ACTIVE: 10 });
    expect(tellHeadline(facts({ status, queues, flow }))).toBe("Keeping up: tasks start within seconds");
  });

  it("says what it knows while the rates are not known", () => {
    expect(tellHeadline(facts({ ...waiting, flow: null }))).toBe("Working: 1,200 tasks wait");
  });

  it("is stuck when tasks wait and nothing runs", () => {
    const status = statusOf({ PENDING: 1 });
    const queues = queuesOf(queue({ waiting: 1, oldest_waiting_seconds: 30 }));
    expect(tellHeadline(facts({ status, queues }))).toBe("Stuck: 1 task waits and none is running");
  });

  it("is not stuck in the first seconds of a task", () => {
    const queues = queuesOf(queue({ waiting: 1, oldest_waiting_seconds: 2 }));
    expect(tellHeadline(facts({ status: statusOf({ PENDING: 1 }), queues }))).toMatch(/^Keeping up/);
  });
});

describe("the headline while nothing waits", () => {
  it.each([
    ["Idle: nothing waits", {}],
    ["Keeping up: 12 running, nothing waits", { ACTIVE: 12 }],
    ["Idle: 212 tasks wait for their time", { SCHEDULED: 212 }],
    ["Idle: 1 task waits for its time", { SCHEDULED: 1 }],
  ])("%s", (text, states) => {
    expect(tellHeadline(facts({ status: statusOf(states) }))).toBe(text);
  });
});

describe("the headline when something is broken", () => {
  const flow = { in: 7, out: 14, net: -7 };
  const down = service({ state: "open", retry_at: "2026-01-01T12:00:31.000Z" });

  it("says that no worker is alive before everything else", () => {
    const fleet = fleetOf(worker({ status: "stale" }));
    expect(tellHeadline(facts({ ...waiting, flow, fleet, services: [down] }))).toBe(
      "Stuck: no worker is alive and 1,210 tasks are not done",
    );
    expect(tellHeadline(facts({ fleet: fleetOf() }))).toBe("Idle: nothing waits, and no worker is alive");
  });

  it("takes a draining worker for alive", () => {
    const fleet = fleetOf(worker({ status: "draining" }));
    expect(tellHeadline(facts({ ...waiting, flow, fleet }))).toMatch(/^Draining/);
  });

  it("says which service is down, and what that does", () => {
    const status = statusOf({ SCHEDULED: 212 });
    expect(tellHeadline(facts({ status, services: [down] }))).toBe(
      "OpenRouter is down: 212 tasks wait for a later time",
    );
    expect(tellHeadline(facts({ services: [down] }))).toBe(
      "OpenRouter is down: it is tried again at 12:00:31",
    );
  });

  it("tells a breaker that is held open from one that will try again", () => {
    const forced = service({ service: "geocoder", state: "open" });
    expect(tellHeadline(facts({ services: [forced] }))).toBe(
      "Service geocoder is switched off: nobody calls it until it is reset",
    );
  });

  it("says that all that waits is paused", () => {
    const status = statusOf({ PENDING: 5 });
    const one = queuesOf(queue({ queue: "reports", waiting: 5, paused: true }), queue());
    expect(tellHeadline(facts({ status, queues: one }))).toBe("Paused: 5 tasks wait in reports");
    const two = queuesOf(
      queue({ waiting: 2, paused: true }),
      queue({ queue: "b", waiting: 3, paused: true }),
    );
    expect(tellHeadline(facts({ status, queues: two }))).toBe("Paused: 5 tasks wait in 2 queues");
  });

  it("does not say so while other tasks wait or run", () => {
    const queues = queuesOf(
      queue({ queue: "reports", waiting: 5, paused: true }),
      queue({ waiting: 1200, oldest_waiting_seconds: 42 }),
    );
    const status = statusOf({ PENDING: 1205 });
    expect(tellHeadline(facts({ status, queues, flow }))).toMatch(/^Draining/);
  });
});

describe("the headline when what is known is old", () => {
  const heardAt = facts().nowMs - 125_000;

  it.each(["waiting", "closed"] as const)("tells for how long when the stream is %s", (state) => {
    const text = "Out of touch: not heard from the gateway for 2 min";
    expect(tellHeadline(facts({ ...waiting, connection: { state, heardAt } }))).toBe(text);
  });

  it("says that its user paused it", () => {
    expect(tellHeadline(facts({ connection: { state: "paused", heardAt } }))).toBe(
      "Standing still: live updates are paused since 11:57:55",
    );
  });

  it("says that the gateway never answered", () => {
    const connection = { state: "waiting", heardAt: null } as const;
    expect(tellHeadline(facts({ status: null, connection }))).toBe(
      "Not connected: the gateway does not answer",
    );
  });

  it("claims nothing before the first answer", () => {
    expect(tellHeadline(facts({ status: null, connection: { state: "connecting", heardAt: null } }))).toBe(
      "Looking at the system",
    );
  });
});
