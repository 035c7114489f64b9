// Builds the dashboard: static files with hashed names, each of some size also compressed, so that nobody compresses them per request.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";
import { root } from "./steps.mjs";

const compressible = /\.(js|css|html|svg|json)$/;
const worthIt = 1024;

export async function buildDashboard(outDir) {
  await build({
    root: join(root, "packages/dashboard"),
    configFile: join(root, "packages/dashboard/vite.config.ts"),
    logLevel: "warn",
    build: { outDir },
  });
  rmSync(join(outDir, ".vite"), { recursive: true, force: true });
  for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !compressible.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    if (bytes.length < worthIt) continue;
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
