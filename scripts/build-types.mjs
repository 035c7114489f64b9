// Declarations of what users import (workstream/client, /core, /worker): the tree of their sources, without names that
// only this repository knows.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fail, root } from "./steps.mjs";

/** `to`: a folder, which then holds {package}/src/index.d.ts. */
export function buildTypes(to) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", "tsconfig.types.json", "--outDir", to];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) fail(stdout);
  for (const name of readdirSync(to, { recursive: true })) {
    if (name.endsWith(".d.ts")) rewrite(join(to, name), to);
  }
}

/** `./a.ts` is beside it as a.d.ts, which `./a.js` stands for. */
function rewrite(file, folder) {
  const core = relative(dirname(file), join(folder, "core/src/index.js")).replaceAll("\\", "/");
  const text = readFileSync(file, "utf8")
    .replace(/"(\.{1,2}\/[^"]+)\.ts"/g, '"$1.js"')
    .replaceAll('"@workstream/core"', `"${core.startsWith(".") ? core : `./${core}`}"`);
  writeFileSync(file, text);
}
