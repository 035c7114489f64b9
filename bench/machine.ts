import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

/** What the figures were measured on. */
export function machine(): Record<string, string> {
  const cores = cpus();
  return {
    cpu: `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    redis:
      execFileSync("redis-server", ["--version"], { encoding: "utf8" }).match(/v=([\d.]+)/)?.[1] ?? "unknown",
    bullmq: versionOf("bullmq"),
    fastify: versionOf("fastify"),
  };
}

/** Packages don't all export their package.json. */
function versionOf(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
    } catch {}
  }
  return "unknown";
}
