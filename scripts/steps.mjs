// What the npm scripts share: steps that run a program, show what they do, and are skipped when nothing changed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = [20, 19];

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Workstream needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}.`);
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs a program in the project's root; its output is shown, and a failure ends this program with its exit code. */
export function run(command, args, { quiet = false } = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: quiet ? "pipe" : "inherit", encoding: "utf8" });
  if (result.error) fail(`${command} can't be run: ${result.error.message}`);
  if (result.status === 0) return;
  if (quiet) process.stderr.write(`${result.stdout}${result.stderr}`);
  process.exit(result.status ?? 1);
}

/** The same without blocking: resolves to what happened, with the output kept. */
export function runAside(command, args) {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ isOk: false, output: String(error), ms: 0 }));
    child.on("close", (code) => resolve({ isOk: code === 0, output, ms: performance.now() - startedAt }));
  });
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules") && !/\.test\.tsx?$/.test(file))
    .sort();
}

/** A hash of the contents of files and folders. */
export function fingerprint(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths.flatMap((p) => (p.includes(".") ? [join(root, p)] : filesBelow(join(root, p))))) {
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Runs `step` unless its stamp says that it was done for the same `paths` and its `result` is still there. */
export async function unlessDone({ name, paths, result, title, step }) {
  const stampFile = join(root, ".build", `${name}.stamp`);
  const print = fingerprint(paths);
  const done = existsSync(stampFile) && readFileSync(stampFile, "utf8") === print;
  if (done && existsSync(join(root, result))) return;
  process.stderr.write(`${title} … `);
  const startedAt = performance.now();
  await step();
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, print);
}

export function installPackages() {
  return unlessDone({
    name: "install",
    paths: ["package-lock.json"],
    result: "node_modules",
    title: "Installing packages",
    step: () => run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { quiet: true }),
  });
}

const builders = ["build", "build-dashboard", "build-types"].map((name) => `scripts/${name}.mjs`);

export function buildProgram() {
  return unlessDone({
    name: "build",
    paths: ["packages", "package.json", "tsconfig.json", "tsconfig.types.json", ...builders],
    result: "dist/lib/cli.js",
    title: "Building",
    step: () => run(process.execPath, ["scripts/build.mjs"], { quiet: true }),
  });
}

/** What the benchmarks measure, as users run it: bundled. */
export function buildSides() {
  return unlessDone({
    name: "bench",
    paths: ["packages", "bench", "testing", "package.json", "scripts/build-sides.mjs"],
    result: ".build/bench/lib",
    title: "Building what is measured",
    step: () => run(process.execPath, ["scripts/build-sides.mjs"], { quiet: true }),
  });
}

/** Servers that tests start, and the Debian packages that have them; envsubst fills in nginx's configuration. */
export const serverPrograms = {
  "redis-server": "redis-server",
  nginx: "nginx-light",
  envsubst: "gettext-base",
};

/** Installs Debian packages that tests need and the machine lacks, when we may; else says what to install. */
export function requirePrograms(packagesByProgram) {
  const missing = Object.entries(packagesByProgram)
    .filter(([program]) => spawnSync("which", [program]).status !== 0)
    .map(([, debianPackage]) => debianPackage);
  if (missing.length === 0) return;
  const install = `apt-get install -y ${missing.join(" ")}`;
  const mayInstall = process.getuid?.() === 0 && spawnSync("which", ["apt-get"]).status === 0;
  if (!mayInstall) fail(`The tests need ${missing.join(", ")}. Install it with: sudo ${install}`);
  process.stderr.write(`Installing ${missing.join(", ")} …\n`);
  run("apt-get", ["update", "-qq"], { quiet: true });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { quiet: true });
}
