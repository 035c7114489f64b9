// npm run docs [-- --check]: writes, or checks, every document that is made from the code.
// docs/redis-keys.md comes from a real Redis, so the tests check it; this writes it where redis-server is installed.
import { spawnSync } from "node:child_process";
import { installPackages, requireNode, root } from "./steps.mjs";

requireNode();
await installPackages();
const isCheck = process.argv.includes("--check");
const generators = ["scripts/generate-docs.ts", "packages/cli/src/generate-config-docs.ts"];
if (!isCheck) generators.push("testing/src/generate-redis-keys-doc.ts");

let status = 0;
for (const generator of generators) {
  const args = ["--import", "tsx", "--conditions=workstream-source", generator, ...process.argv.slice(2)];
  status = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status || status;
}
process.exit(status);
