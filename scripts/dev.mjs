// npm run dev: the program from its sources, started again whenever one of them changes.
import { spawn } from "node:child_process";
import { installPackages, requireNode, root } from "./steps.mjs";

requireNode();
await installPackages();
const child = spawn(
  process.execPath,
  [
    "--import",
    "tsx",
    "--conditions=workstream-source",
    "--watch",
    "packages/cli/src/main.ts",
    "up",
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 0));
