// npm run screenshots [-- name…]: the pictures of the dashboard in docs/images, of the program as it is built from here.
import { spawnSync } from "node:child_process";
import { buildProgram, installPackages, requireNode, requirePrograms, root } from "./steps.mjs";

requireNode();
requirePrograms({ "redis-server": "redis-server", chromium: "chromium" });
await installPackages();
await buildProgram();
const result = spawnSync(
  process.execPath,
  [
    "--import",
    "tsx",
    "--conditions=workstream-source",
    "e2e/browser/take-screenshots.ts",
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
process.exit(result.status ?? 1);
