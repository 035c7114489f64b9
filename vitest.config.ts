import { defineConfig } from "vitest/config";

const resolve = { conditions: ["workstream-source", "module", "node", "development|production"] };
const common = { resolve, ssr: { resolve } };

export default defineConfig({
  test: {
    projects: [
      {
        ...common,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "testing/src/**/*.test.ts", "bench/*.test.ts"],
          exclude: ["**/*.int.test.ts", "packages/dashboard/**"],
          // Properties of some ten thousand runs take long on a machine that is busy elsewhere.
          testTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          name: "dashboard",
          include: ["packages/dashboard/src/**/*.test.{ts,tsx}"],
          testTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          name: "int",
          globalSetup: "scripts/build-before-tests.mjs",
          // They wait more than they compute.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          include: ["packages/*/src/**/*.int.test.ts", "testing/src/**/*.int.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        ...common,
        test: {
          name: "browser",
          // They wait for pages more than they compute; the flood measures, and so stands alone below.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          include: ["e2e/browser/*.test.ts"],
          exclude: ["e2e/browser/flood.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...common,
        test: {
          name: "e2e",
          sequence: { groupOrder: 3 },
          include: ["e2e/*.test.ts", "e2e/browser/flood.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
