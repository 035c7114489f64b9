import { defineService, defineTask } from "@workstream/worker";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadConfig } from "./config.ts";
import { builtInTaskOptions } from "./openrouter-parts.ts";
import { serviceDirectory } from "./service-directory.ts";

function configOf(environment: Record<string, string> = {}) {
  const loaded = loadConfig(environment);
  if (!loaded.isValid) throw new Error(loaded.problems.join());
  return loaded.config;
}

const mail = defineService({ name: "mail" });
const send = defineTask({
  type: "send",
  input: z.object({}),
  output: z.string(),
  services: [mail],
  run: async () => "",
});

describe("the directory of services", () => {
  it("has OpenRouter, asked about itself only with a key, and the services of task types", () => {
    const directory = serviceDirectory(configOf(), [send]);
    expect(directory.list().map(({ name, check }) => [name, check])).toEqual([
      ["openrouter", null],
      ["mail", null],
    ]);
    expect(directory.get("mail")?.policy).toBe(mail.policy);
    expect(directory.get("nobody")).toBeUndefined();
    expect(
      serviceDirectory(configOf({ OPENROUTER_API_KEY: "k" }), []).get("openrouter")?.check,
    ).not.toBeNull();
  });

  it("guards OpenRouter as the configuration says", () => {
    const environment = {
      OPENROUTER_RATE_LIMIT: "5/2s",
      OPENROUTER_TOKEN_LIMIT: "1000/1m",
      CIRCUIT_FAILURE_THRESHOLD: "0.25",
      CIRCUIT_VOLUME_THRESHOLD: "20",
      CIRCUIT_TIMEOUT: "7",
      CREDIT_WARNING_THRESHOLD: "3",
      CREDIT_CRITICAL_THRESHOLD: "1",
    };
    const { list } = serviceDirectory(configOf(environment), []);
    expect(list()[0]).toMatchObject({
      policy: {
        service: "openrouter",
        limit: { requests: 5, intervalMs: 2_000 },
        tokenLimit: { requests: 1000, intervalMs: 60_000 },
        breaker: { failureThreshold: 0.25, volumeThreshold: 20, openMs: 7_000 },
      },
      creditThresholds: { warning: 3, critical: 1 },
    });
  });
});

describe("OpenRouter", () => {
  it("is the built-in tasks' model when there is a key", () => {
    expect(builtInTaskOptions(configOf())).toMatchObject({ chat: null, service: null, cachesResults: false });
    const environment = {
      OPENROUTER_API_KEY: "k",
      OPENROUTER_MODEL: "vendor/model",
      OPENROUTER_CONTEXT_TOKENS: "9000",
      SUMMARIZE_FALLBACK: "true",
      RESULT_CACHE_TTL: "60",
    };
    expect(builtInTaskOptions(configOf(environment))).toMatchObject({
      chat: { model: "vendor/model", contextTokens: 9000 },
      service: { name: "openrouter" },
      fallsBack: true,
      cachesResults: true,
      cacheTtlMs: 60_000,
    });
  });
});
