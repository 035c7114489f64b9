import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const folder = dirname(fileURLToPath(import.meta.url));

async function bundle() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ["index.ts"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["workstream-source"],
    logLevel: "silent",
  });
  return { bytes: outputFiles[0]?.contents ?? new Uint8Array(), inputs: Object.keys(metafile.inputs) };
}

describe("the bundle", () => {
  it("holds nothing but this package: neither zod nor core", async () => {
    const { inputs } = await bundle();
    expect(inputs).toContain("create-client.ts");
    expect(inputs.filter((path) => path.includes("/"))).toEqual([]);
  });

  it("is at most 8 kB when gzipped", async () => {
    const { bytes } = await bundle();
    expect(bytes.length).toBeGreaterThan(1_000);
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThanOrEqual(8_000);
  });
});
