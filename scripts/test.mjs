// npm test: every test on the real thing. Arguments go to Vitest, e.g. `npm test -- packages/core`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  buildProgram,
  installPackages,
  requireNode,
  requirePrograms,
  root,
  serverPrograms,
} from "./steps.mjs";

requireNode();
requirePrograms({ ...serverPrograms, chromium: "chromium" });
await installPackages();
await buildProgram();

const report = join(root, ".build", "tests.json");
mkdirSync(join(root, ".build"), { recursive: true });
rmSync(report, { force: true });
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const result = spawnSync(process.execPath, [vitest, "run", ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});

const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
process.stdout.write(`\n${numPassedTests} passed, ${failed} failed\n`);
process.exit(result.status ?? 1);
