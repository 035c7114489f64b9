// The script that a first visit loads, gzipped, stays within its budget: what index.html names, what that imports, and
// the overview with what it imports. What is imported later does not count.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { root } from "./steps.mjs";

const budgetBytes = 170_000;
const firstScreen = "src/features/overview/overview-screen.tsx";

const outDir = join(root, ".build", `dashboard-${process.pid}`);
await build({
  root: join(root, "packages/dashboard"),
  configFile: join(root, "packages/dashboard/vite.config.ts"),
  logLevel: "error",
  build: { outDir },
});
const manifest = JSON.parse(readFileSync(join(outDir, ".vite/manifest.json"), "utf8"));

const chunks = new Set();
function take(key) {
  if (chunks.has(key)) return;
  chunks.add(key);
  for (const next of manifest[key].imports ?? []) take(next);
}
take("index.html");
take(firstScreen);

const sizes = [...chunks].map((key) => {
  const { file } = manifest[key];
  return { file, bytes: gzipSync(readFileSync(join(outDir, file)), { level: 9 }).length };
});
rmSync(outDir, { recursive: true, force: true });

const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
for (const { file, bytes } of sizes.sort((a, b) => b.bytes - a.bytes))
  process.stdout.write(`${bytes} ${file}\n`);
process.stdout.write(`${total} of ${budgetBytes} bytes of script, gzipped, at the first visit\n`);
process.exit(total <= budgetBytes ? 0 : 1);
