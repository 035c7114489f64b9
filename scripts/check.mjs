// npm run check: the gate for every commit. Everything runs, then what failed is shown. `--no-tests` leaves the unit tests
// out, where npm test follows.
import { cpus } from "node:os";
import { join } from "node:path";
import { installPackages, requireNode, root, runAside } from "./steps.mjs";

requireNode();
await installPackages();

const node = (script, ...args) => [process.execPath, [join(root, "node_modules", script), ...args]];
const checks = {
  "format and lint": node("@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."),
  types: node("typescript/bin/tsc", "-p", "."),
  "types of core alone": node("typescript/bin/tsc", "-p", "packages/core"),
  "types of the dashboard": node("typescript/bin/tsc", "-p", "packages/dashboard"),
  "size of the dashboard": [process.execPath, ["scripts/dashboard-budget.mjs"]],
  "unused code": node("knip/bin/knip.js", "--no-progress"),
  "generated files": [process.execPath, ["scripts/docs.mjs", "--check"]],
  "unit tests": node("vitest/vitest.mjs", "run", "--project", "unit", "--project", "dashboard"),
};

if (process.argv.includes("--no-tests")) delete checks["unit tests"];

const queue = Object.entries(checks);
const failures = [];
async function lane() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, [command, args]] = next;
    const { isOk, output, ms } = await runAside(command, args);
    process.stdout.write(`${isOk ? "ok  " : "FAIL"} ${name} (${(ms / 1000).toFixed(1)} s)\n`);
    if (!isOk) failures.push(`\n── ${name}\n${output}`);
  }
}
await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, lane));
process.stdout.write(failures.join("\n"));
process.exit(failures.length === 0 ? 0 : 1);
