// npm run deployment: what docker compose would start, on this machine without Docker, until Ctrl-C.
import { spawn } from "node:child_process";
import { installPackages, requireNode, requirePrograms, root, serverPrograms } from "./steps.mjs";

requireNode();
requirePrograms(serverPrograms);
await installPackages();
const child = spawn(
  process.execPath,
  ["--import", "tsx", "--conditions=workstream-source", "testing/src/deployment/main.ts"],
  { cwd: root, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 0));
