import type { CallRecord, ServiceCheck } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { GuardDriver, guardPolicy, ServiceListener } from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";
import { until } from "../until.ts";

const hour = 3_600_000;
const day = 24 * hour;
const thresholds = { warning: 10, critical: 5 };

const check = (overrides: Partial<ServiceCheck> = {}): ServiceCheck => ({
  state: "active",
  message: "",
  errorDetails: null,
  balance: null,
  usageToday: null,
  usageMonth: null,
  ...overrides,
});

describeStores("service records", (openStores) => {
  const open = async () => {
    const opened = await openStores();
    const { services, guards } = opened.stores;
    const guard = new GuardDriver(opened, guardPolicy({ limit: null, breaker: { failureThreshold: 0 } }));
    const call = (
      outcome: CallRecord["outcome"],
      serviceState: string | null,
      more: Partial<CallRecord> = {},
    ) => guard.call(outcome, { serviceState, ...more });
    const write = (overrides: Partial<ServiceCheck>) =>
      services.writeCheck("llm", check(overrides), thresholds);
    return { ...opened, services, guards, call, write };
  };

  describe("the state", () => {
    it("is unknown before anyone told it", async () => {
      const { services, call } = await open();
      expect(await services.readState("llm")).toBeNull();
      await call("success", null);
      expect(await services.readState("llm")).toBeNull();
    });

    it("is what the last call told, with the failures in a row", async () => {
      const { services, call, clock } = await open();
      const state = async () => {
        const { state, message, consecutiveFailures } = (await services.readState("llm")) ?? {};
        return [state, message, consecutiveFailures];
      };
      await call("failure", "rate_limited", { message: "Slow down, \0 please 🙂." });
      expect(await state()).toEqual(["rate_limited", "Slow down, \0 please 🙂.", 1]);
      await call("failure", "error", { message: "It broke." });
      await call("ignored", "credits_exhausted", { message: "No money." });
      expect(await state()).toEqual(["credits_exhausted", "No money.", 2]);
      await call("failure", null);
      expect(await state()).toEqual(["credits_exhausted", "No money.", 2]);
      clock.advance(5);
      await call("success", "active");
      expect(await state()).toEqual(["active", "", 0]);
      expect(await services.readState("llm")).toEqual({
        state: "active",
        message: "",
        told: { state: "active", message: "", at: clock.now(), until: null },
        found: null,
        balance: null,
        usageToday: null,
        usageMonth: null,
        lastCheckAt: clock.now(),
        checkedAt: null,
        balanceCheckedAt: null,
        consecutiveFailures: 0,
        errorDetails: null,
      });
    });

    it("is what the last check found; figures that it did not tell stay", async () => {
      const { services, write, call, clock } = await open();
      const firstAt = clock.now();
      await write({ balance: 12.5, usageToday: 0.25, usageMonth: 7 });
      const figures = { balance: 12.5, usageToday: 0.25, usageMonth: 7, balanceCheckedAt: firstAt };
      expect(await services.readState("llm")).toMatchObject({
        ...figures,
        checkedAt: firstAt,
        lastCheckAt: firstAt,
      });
      const secondAt = clock.advance(1_000);
      await write({ state: "error", message: "It broke.", errorDetails: "HTTP 500 \0", usageToday: 0 });
      const broken = { state: "error", errorDetails: "HTTP 500 \0", consecutiveFailures: 1, usageToday: 0 };
      expect(await services.readState("llm")).toMatchObject({ ...figures, ...broken, checkedAt: secondAt });
      const calledAt = clock.advance(1_000);
      await call("failure", "error", { message: "Again." });
      const again = { message: "Again.", errorDetails: "HTTP 500 \0", consecutiveFailures: 2 };
      expect(await services.readState("llm")).toMatchObject({
        ...again,
        lastCheckAt: calledAt,
        checkedAt: secondAt,
      });
      await call("success", "active");
      expect(await services.readState("llm")).toMatchObject({ errorDetails: null, consecutiveFailures: 0 });
      await write({ state: "error", errorDetails: "HTTP 503" });
      await write({ state: "api_key_missing" });
      expect(await services.readState("llm")).toMatchObject({ errorDetails: null, consecutiveFailures: 2 });
    });

    it("stays what calls told when a check finds nothing wrong, whose figures count all the same", async () => {
      const { services, write, call, clock } = await open();
      const toldAt = clock.now();
      await call("failure", "service_unavailable", { message: "HTTP 502." });
      clock.advance(299_999);
      await write({ balance: 3 });
      const told = { state: "service_unavailable", message: "HTTP 502." };
      const at = clock.now();
      expect(await services.readState("llm")).toMatchObject({
        ...{ ...told, consecutiveFailures: 1, balance: 3, checkedAt: at, lastCheckAt: at },
        ...{ told: { ...told, at: toldAt, until: null }, found: { state: "active", message: "" } },
      });
      clock.advance(1);
      await write({});
      expect(await services.readState("llm")).toMatchObject({ state: "active", consecutiveFailures: 0 });
    });

    it("is what a check finds at once when that is wrong, and what a call tells that goes through", async () => {
      const { services, write, call } = await open();
      await call("failure", "rate_limited");
      await write({ state: "api_key_invalid", message: "No such key." });
      const wrong = { state: "api_key_invalid", message: "No such key." };
      expect(await services.readState("llm")).toMatchObject({ ...wrong, found: wrong });
      await call("success", "active");
      expect(await services.readState("llm")).toMatchObject({ state: "active", found: wrong });
    });

    it("stays as long as the service asked to be left alone", async () => {
      const { services, write, call, clock } = await open();
      await call("ignored", "rate_limited", { holdMs: 900_000 });
      const until = clock.now() + 900_000;
      clock.advance(899_999);
      await write({});
      expect(await services.readState("llm")).toMatchObject({ state: "rate_limited", told: { until } });
      clock.advance(1);
      await write({});
      expect(await services.readState("llm")).toMatchObject({ state: "active" });
      await call("failure", "rate_limited");
      expect(await services.readState("llm")).toMatchObject({ told: { until: null } });
    });

    it("makes a service known that nobody has called", async () => {
      const { guards, write } = await open();
      await write({});
      expect(await guards.read("llm")).toMatchObject({
        breaker: { state: "CLOSED", version: 0 },
        limiter: null,
      });
    });
  });

  describe("metrics", () => {
    it("count the calls of a day by outcome and state, and add up what they took", async () => {
      const { services, call, clock } = await open();
      await call("success", "active", { promptTokens: 1_000, completionTokens: 50, cost: 0.125 });
      await call("success", "active", { promptTokens: 500, completionTokens: 25, cost: 0.5 });
      await call("failure", "rate_limited");
      await call("failure", null);
      await call("ignored", "api_key_invalid", { promptTokens: 1 });
      await call("ignored", "active");
      await call("ignored", null);
      expect(await services.metrics("llm", 7)).toEqual([
        {
          date: new Date(clock.now()).toISOString().slice(0, 10),
          totalCalls: 7,
          successfulCalls: 2,
          failedCalls: 3,
          states: { active: 3, rate_limited: 1, api_key_invalid: 1 },
          promptTokens: 1_501,
          completionTokens: 75,
          cost: 0.625,
        },
      ]);
      expect(await services.metrics("maps", 7)).toEqual([]);
    });

    it("are by UTC day, newest first, of the days asked for with today", async () => {
      const { services, call, clock } = await open();
      clock.set(Date.UTC(2026, 1, 27, 23, 59, 59, 999));
      await call("success", "active");
      clock.advance(1);
      await call("success", "active");
      clock.advance(2 * day);
      await call("failure", "error");
      const dates = async (days: number) => (await services.metrics("llm", days)).map(({ date }) => date);
      expect(await dates(30)).toEqual(["2026-03-02", "2026-02-28", "2026-02-27"]);
      expect(await dates(3)).toEqual(["2026-03-02", "2026-02-28"]);
      expect(await dates(1)).toEqual(["2026-03-02"]);
      clock.advance(40 * day);
      expect(await dates(30)).toEqual([]);
    });
  });

  describe("credits", () => {
    it("have a history of a point an hour at most, for 30 days", async () => {
      const { services, write, clock } = await open();
      const startAt = clock.now();
      await write({ balance: 20, usageMonth: 1.5 });
      clock.advance(hour - 1);
      await write({ balance: 19, usageMonth: 2 });
      clock.advance(1);
      await write({ balance: 18.25 });
      await write({ usageMonth: 3 });
      clock.advance(hour);
      await write({ balance: -0.5 });
      const points = [
        { at: startAt, balance: 20, usage: 1.5 },
        { at: startAt + hour, balance: 18.25, usage: 2 },
        { at: startAt + 2 * hour, balance: -0.5, usage: 3 },
      ];
      expect(await services.creditsHistory("llm")).toEqual(points);
      clock.set(startAt + 30 * day + hour + 1);
      expect(await services.creditsHistory("llm")).toEqual(points.slice(2));
      await write({ balance: 4 });
      expect(await services.creditsHistory("llm")).toHaveLength(2);
      expect(await services.creditsHistory("maps")).toEqual([]);
    });

    it("count a month's usage that nobody told as 0", async () => {
      const { services, write, clock } = await open();
      await write({ balance: 20 });
      expect(await services.creditsHistory("llm")).toEqual([{ at: clock.now(), balance: 20, usage: 0 }]);
    });

    it("warn once below each threshold, and again after the balance was above it", async () => {
      const { write, guards } = await open();
      const listener = await ServiceListener.on(guards);
      const told = async (...balances: (number | null)[]) => {
        for (const balance of balances) await write({ balance });
        return (await listener.settled()).map((event) =>
          event.type === "credits_low" ? [event.service, event.level, event.balance] : event,
        );
      };
      expect(await told(10, null)).toEqual([]);
      expect(await told(9.99, 8, null, 5)).toEqual([["llm", "warning", 9.99]]);
      expect(await told(4.99, 0, -1)).toEqual([["llm", "critical", 4.99]]);
      expect(await told(7, 4)).toEqual([["llm", "critical", 4]]);
      expect(await told(50, 9)).toEqual([["llm", "warning", 9]]);
      expect(await told(50, 1)).toEqual([["llm", "critical", 1]]);
    });
  });

  describe("checks", () => {
    it("are one at a time for each service", async () => {
      const { services } = await open();
      expect(await services.beginCheck("llm", 10_000)).toBe(true);
      expect(await services.beginCheck("llm", 10_000)).toBe(false);
      expect(await services.beginCheck("maps", 10_000)).toBe(true);
      await services.endCheck("llm");
      expect(await services.beginCheck("llm", 10_000)).toBe(true);
    });

    it("are given up after a while, for whoever began may be dead", async () => {
      const { services, clock } = await open();
      await services.beginCheck("llm", 50);
      clock.advance(50);
      // A store may count on its server's clock too, which no test moves.
      await until("the next check", () => services.beginCheck("llm", 50));
      expect(await services.beginCheck("llm", 60_000)).toBe(false);
    });
  });
});
