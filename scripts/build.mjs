// Bundles the program into dist/: JavaScript flat in dist/lib, assets one folder up, as they lie beside src/, declarations in
// dist/types.
import { cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { buildDashboard } from "./build-dashboard.mjs";
import { buildTypes } from "./build-types.mjs";
import { root } from "./steps.mjs";

const { version, dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const staging = join(root, ".build", `dist-${process.pid}`);

const common = {
  absWorkingDir: root,
  outdir: join(staging, "lib"),
  bundle: true,
  format: "esm",
  conditions: ["workstream-source"],
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: {
    cli: "packages/cli/src/main.ts",
    core: "packages/core/src/index.ts",
    worker: "packages/worker/src/index.ts",
    "pdf-worker": "packages/tasks/src/pdf-worker.ts",
    "lease-guard-thread": "packages/redis/src/lease-guard-thread.ts",
    "resolve-hook": "packages/cli/src/resolve-hook.ts",
  },
  splitting: true,
  platform: "node",
  target: "node20",
  external: Object.keys(dependencies),
  define: { WORKSTREAM_VERSION: JSON.stringify(version) },
});

// One file that needs no other, for browsers too.
await build({
  ...common,
  entryPoints: { client: "packages/client/src/index.ts" },
  platform: "neutral",
  target: "es2022",
});

cpSync(join(root, "packages/redis/lua"), join(staging, "lua"), { recursive: true });
cpSync(join(root, "packages/sqlite/migrations"), join(staging, "migrations"), { recursive: true });
cpSync(join(root, "packages/tasks/prompts"), join(staging, "prompts"), { recursive: true });

buildTypes(join(staging, "types"));

await buildDashboard(join(staging, "dashboard"));

rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(staging, join(root, "dist"));
