import { pino } from "pino";
import { expect, it } from "vitest";
import { announce } from "./announce.ts";
import { type Environment, loadConfig } from "./config.ts";

function tried(environment: Environment): unknown {
  const loaded = loadConfig(environment);
  if (!loaded.isValid) throw new Error(loaded.problems.join("\n"));
  const lines: string[] = [];
  const roles = { servesApi: true, runsTasks: false };
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const at = { address: "http://127.0.0.1:8000", dashboardAddress: null };
  announce({ config: loaded.config, roles, definitions: [], logger, ...at });
  return JSON.parse(lines[0] ?? "{}").try;
}

it.each([
  ["on", "key-of-sixteen-characters", true],
  ["auto", "key-of-sixteen-characters", true],
  ["off", "key-of-sixteen-characters", false],
  ["auto", "", false],
])("shows a key where one is asked for: AUTH=%s, API_KEYS=%s", (AUTH, API_KEYS, isShown) => {
  const line = tried({ AUTH, API_KEYS });
  expect(line).toContain("/api/v1/tasks/summarize");
  expect(String(line).includes("authorization: Bearer")).toBe(isShown);
});
