// npm run bench -- [name] [--json]: our figures beside a peer's, as ratios in one run on one machine.
import { spawnSync } from "node:child_process";
import { buildSides, installPackages, requireNode, requirePrograms, root } from "./steps.mjs";

requireNode();
requirePrograms({ "redis-server": "redis-server" });
await installPackages();
await buildSides();
const result = spawnSync(
  process.execPath,
  ["--import", "tsx", "--conditions=workstream-source", "bench/main.ts", ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exit(result.status ?? 1);
