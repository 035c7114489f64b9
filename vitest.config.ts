import { defineConfig } from "vitest/config";
import { longestFirst } from "./scripts/longest-first.ts";

const resolve = { conditions: ["workstream-source", "module", "node", "development|production"] };
const common = { resolve, ssr: { resolve } };
/** What is polled for comes, or never does. */
const patient = { expect: { poll: { timeout: 15_000 } } };

/**
 * These measure times or rates, and so have the machine for themselves, one after the other. Those that look at how busy it is
 * stand behind some that hardly are.
 */
const measured = [
  "e2e/service-outage.test.ts",
  "e2e/retry-after.test.ts",
  "e2e/rate-limit.test.ts",
  "e2e/browser/first-load.test.ts",
  "e2e/browser/flood.test.ts",
  "testing/src/api/many-tasks.int.test.ts",
  "packages/redis/src/batch-intake.int.test.ts",
  "packages/sqlite/src/batch-intake.int.test.ts",
];

export default defineConfig({
  test: {
    sequence: { sequencer: longestFirst(measured) },
    projects: [
      {
        ...common,
        test: {
          ...patient,
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "testing/src/**/*.test.ts", "bench/*.test.ts"],
          exclude: ["**/*.int.test.ts", "packages/dashboard/**"],
          // Files share a process, for starting one and loading everything again took six times as long as the tests: no file may
          // leave anything behind in a module. `--sequence.shuffle` looks for one that does.
          isolate: false,
          maxWorkers: 2,
          // Properties of some ten thousand runs take long on a machine that is busy elsewhere.
          testTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          ...patient,
          name: "dashboard",
          include: ["packages/dashboard/src/**/*.test.{ts,tsx}"],
          // Each file on its own: they keep preferences, and put stand-ins for what jsdom lacks.
          pool: "threads",
          maxWorkers: 2,
          testTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          ...patient,
          name: "int",
          globalSetup: "scripts/build-before-tests.mjs",
          // They wait as much as they compute.
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ["packages/*/src/**/*.int.test.ts", "testing/src/**/*.int.test.ts"],
          exclude: measured,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          ...patient,
          name: "browser",
          // Beside those of e2e, which wait while these compute.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          include: ["e2e/browser/*.test.ts"],
          exclude: measured,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...common,
        test: {
          ...patient,
          name: "e2e",
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          include: ["e2e/*.test.ts"],
          exclude: measured,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...common,
        test: {
          ...patient,
          name: "measured",
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          include: measured,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
