import { describe, expect, it } from "vitest";
import { apiSettings } from "./api-settings.ts";
import { type Environment, loadConfig } from "./config.ts";

function settingsOf(environment: Environment) {
  const loaded = loadConfig(environment);
  if (!loaded.isValid) throw new Error(loaded.problems.join("\n"));
  return apiSettings(loaded.config, { servesDashboard: false });
}

describe("apiSettings", () => {
  it.each([
    [10_000_000, {}],
    [5, { MAX_QUEUE_DEPTH: "5" }],
  ])("bounds queues at %i with %j", (depth, environment) => {
    expect(settingsOf(environment).maxQueueDepth).toBe(depth);
  });

  it.each([
    ["off", { AUTH: "auto" }],
    ["keys", { AUTH: "auto", API_KEYS: "k" }],
    ["off", { AUTH: "off", API_KEYS: "k" }],
    ["keys", { AUTH: "keys", API_KEYS: "k" }],
  ])("asks for %s with %j", (mode, environment) => {
    expect(settingsOf(environment).auth.mode).toBe(mode);
  });

  it.each([
    [["localhost", "127.0.0.1", "[::1]"], {}],
    [null, { HOST: "0.0.0.0" }],
    [
      ["localhost", "127.0.0.1", "[::1]", "api", "tasks.example.org"],
      { HOST: "0.0.0.0", ALLOWED_HOSTS: "api,Tasks.example.org" },
    ],
  ])("answers to the hosts %j with %j", (hosts, environment) => {
    expect(settingsOf(environment).allowedHosts).toEqual(hosts);
  });
});
