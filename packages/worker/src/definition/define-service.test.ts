import { describe, expect, it } from "vitest";
import { defaultBreakerPolicy, defineService, type ServiceOptions } from "./define-service.ts";
import { isServiceDefinition } from "./service-definition.ts";

describe("defineService", () => {
  it("fills in the defaults", () => {
    const service = defineService({ name: "model" });
    expect(service).toMatchObject({ name: "model", maxWaitMs: 2000, slowCallMs: null });
    const { policy } = service;
    expect(policy).toEqual({
      service: "model",
      limit: null,
      tokenLimit: null,
      breaker: defaultBreakerPolicy,
    });
  });

  it("takes limits as text or as numbers", () => {
    const { policy } = defineService({
      name: "model",
      limit: "230/10s",
      tokenLimit: { requests: 100_000, intervalMs: 60_000 },
    });
    expect(policy.limit).toEqual({ requests: 230, intervalMs: 10_000 });
    expect(policy.tokenLimit).toEqual({ requests: 100_000, intervalMs: 60_000 });
  });

  it("keeps the slow-call limit out of the shared policy", () => {
    const service = defineService({ name: "model", breaker: { openMs: 5000, slowCallMs: 800 } });
    expect(service.slowCallMs).toBe(800);
    expect(service.policy.breaker).toEqual({ ...defaultBreakerPolicy, openMs: 5000 });
  });

  it("is frozen and recognized by its brand", () => {
    const service = defineService({ name: "model", limit: "1/1s" });
    expect(isServiceDefinition(service)).toBe(true);
    expect([{ name: "model" }, null, "model"].some(isServiceDefinition)).toBe(false);
    for (const part of [service, service.policy, service.policy.limit, service.policy.breaker]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each([
    [{ name: "No Spaces" }, 'Service "No Spaces": name must match'],
    [{ limit: "fast" }, 'limit must be like "230/10s"'],
    [{ limit: { requests: 0, intervalMs: 1000 } }, "limit must be like"],
    [{ tokenLimit: "100000/1x" }, 'tokenLimit must be like "100000/1m"'],
    [{ maxWaitMs: 2001 }, "maxWaitMs must be from 0 to 2000"],
    [
      { breaker: { failureThreshold: 1.5 } },
      "breaker.failureThreshold must be a number from 0 to 1, not 1.5",
    ],
    [{ breaker: { probes: 0.5 } }, "breaker.probes must be a whole number from 1 to 1000, not 0.5"],
    [{ breaker: { windowMs: 5000 } }, "breaker.windowMs must be a whole number from 10000 to 600000"],
    [{ breaker: { slowCallMs: 0 } }, "breaker.slowCallMs must be from 1"],
    [{ breaker: { timeout: 5 } }, "breaker.timeout is not one of failureThreshold"],
    [{ classify: "no" }, "classify must be a function"],
  ])("refuses %j", (options, message) => {
    const define = () => defineService({ name: "model", ...options } as ServiceOptions);
    expect(define).toThrow(TypeError);
    expect(define).toThrow(message);
  });
});
