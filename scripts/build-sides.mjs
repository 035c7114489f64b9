// The processes that the benchmarks measure, built as the program is: JavaScript flat in .build/bench/lib, assets one folder up.
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { root } from "./steps.mjs";

/** Not our own: these stay packages, as in the program. */
const dependenciesOf = (folder) =>
  Object.keys(JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).dependencies).filter(
    (name) => !name.startsWith("@workstream/"),
  );
const sides = readdirSync(join(root, "bench/sides")).map((file) => basename(file, ".ts"));
const staging = join(root, ".build", `bench-${process.pid}`);

await build({
  absWorkingDir: root,
  outdir: join(staging, "lib"),
  entryPoints: {
    ...Object.fromEntries(sides.map((side) => [side, `bench/sides/${side}.ts`])),
    "lease-guard-thread": "packages/redis/src/lease-guard-thread.ts",
  },
  bundle: true,
  splitting: true,
  format: "esm",
  conditions: ["workstream-source"],
  platform: "node",
  target: "node20",
  external: ["", "bench", "testing"].flatMap(dependenciesOf),
  logLevel: "warning",
});
cpSync(join(root, "packages/redis/lua"), join(staging, "lua"), { recursive: true });
cpSync(join(root, "packages/sqlite/migrations"), join(staging, "migrations"), { recursive: true });

rmSync(join(root, ".build/bench"), { recursive: true, force: true });
renameSync(staging, join(root, ".build/bench"));
