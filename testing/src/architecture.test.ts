import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Who may import whom among our own packages. Tests, testing, e2e and bench may import anything. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  redis: ["core"],
  sqlite: ["core"],
  worker: ["core"],
  api: ["core"],
  tasks: ["core", "worker"],
  client: ["core"],
  dashboard: ["client", "core"],
  cli: ["api", "client", "core", "redis", "sqlite", "tasks", "worker"],
};

type SourceFile = { path: string; packageName: string; text: string };

const sources: SourceFile[] = filesBelow("packages")
  .filter((path) => /^packages\/[a-z]+\/src\/.*\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$/.test(path))
  .map((path) => ({
    path,
    packageName: path.split("/")[1] ?? "",
    text: readFileSync(join(root, path), "utf8"),
  }));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes("node_modules"));
}

function importsOf(text: string): string[] {
  return Array.from(text.matchAll(/(?:from|import\()\s*"([^"]+)"/g), ([, specifier]) => specifier ?? "");
}

function offenders(pattern: RegExp, isAllowed: (file: SourceFile) => boolean): string[] {
  return sources.filter((file) => pattern.test(file.text) && !isAllowed(file)).map(({ path }) => path);
}

describe("the architecture", () => {
  it("has sources to look at in every package", () => {
    expect(new Set(sources.map(({ packageName }) => packageName))).toEqual(new Set(Object.keys(mayImport)));
  });

  it.each(Object.keys(mayImport))("lets %s import only what the table says", (packageName) => {
    const own = sources.filter((file) => file.packageName === packageName);
    const imported = own
      .flatMap(({ text }) => importsOf(text))
      .filter((name) => name.startsWith("@workstream/"));
    const names = new Set(imported.map((name) => name.split("/")[1] ?? ""));
    expect([...names].filter((name) => !mayImport[packageName]?.includes(name))).toEqual([]);
  });

  it.each(Object.keys(mayImport))(
    "declares in %s's package.json exactly the packages of ours it may import",
    (name) => {
      const { dependencies = {} } = packageJson(`packages/${name}`);
      const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith("@workstream/"));
      expect(ours.map((dependency) => dependency.split("/")[1]).sort()).toEqual(
        [...(mayImport[name] ?? [])].sort(),
      );
    },
  );

  it("keeps core free of Node and of every package but zod", () => {
    const core = sources.filter(({ packageName }) => packageName === "core");
    const foreign = core.flatMap(({ text }) => importsOf(text)).filter((name) => !name.startsWith("."));
    expect(new Set(foreign)).toEqual(new Set(["zod"]));
  });

  it("keeps client free of Node and of everything but types of core", () => {
    const client = sources.filter(({ packageName }) => packageName === "client");
    const foreign = client.flatMap(({ text }) => importsOf(text)).filter((name) => !name.startsWith("."));
    expect(new Set(foreign)).toEqual(new Set(["@workstream/core"]));
    const values = /^(?:im|ex)port (?!type\b)[^;]*from "@workstream\/core"/m;
    expect(client.filter(({ text }) => values.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("reaches into no package past its entry", () => {
    expect(offenders(/from "(\.\.\/)+packages\/|from "@workstream\/[a-z]+\//, () => false)).toEqual([]);
  });

  it("keeps the dashboard's features apart, and its parts and library below them", () => {
    const layers = /^packages\/dashboard\/src\/(app|features\/[a-z-]+|ui|lib)\//;
    const wrong = sources.flatMap(({ path, text }) => {
      const from = layers.exec(path)?.[1];
      if (from === undefined || from === "app") return [];
      const targets = importsOf(text).flatMap((name) => {
        const target = layers.exec(join(dirname(path), name))?.[1];
        return name.startsWith(".") && target !== undefined ? [target] : [];
      });
      const allowed = from.startsWith("features")
        ? [from, "ui", "lib"]
        : from === "ui"
          ? ["ui", "lib"]
          : ["lib"];
      return targets
        .filter((target) => !allowed.includes(target))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("speaks Redis in redis alone, SQL in sqlite alone", () => {
    expect(offenders(/from "ioredis"/, ({ packageName }) => packageName === "redis")).toEqual([]);
    expect(offenders(/from "libsql"/, ({ packageName }) => packageName === "sqlite")).toEqual([]);
  });

  it("reads the environment in one file of cli", () => {
    const readers = sources.filter(({ text }) => /process\.env\b/.test(text)).map(({ path }) => path);
    expect(readers).toHaveLength(1);
    expect(readers[0]).toMatch(/^packages\/cli\/src\//);
  });

  it("names keys and arguments in scripts instead of numbering them", () => {
    const scripts = filesBelow("packages/redis/lua");
    expect(scripts.length).toBeGreaterThan(10);
    const numbered = scripts.filter((path) =>
      /\b(KEYS|ARGV)\[\d+\]/.test(readFileSync(join(root, path), "utf8")),
    );
    expect(numbered).toEqual([]);
  });

  it("installs with the published program exactly what its packages depend on", () => {
    const needed = new Map<string, string>();
    for (const name of Object.keys(mayImport)) {
      for (const [dependency, version] of Object.entries(
        packageJson(`packages/${name}`).dependencies ?? {},
      )) {
        if (!dependency.startsWith("@workstream/")) needed.set(dependency, version);
      }
    }
    expect(packageJson(".").dependencies).toEqual(Object.fromEntries([...needed].sort()));
  });
});

describe("sizes", () => {
  const limits = [
    { what: "source files", pattern: /^packages\/.*\/src\/.*(?<!\.test)\.ts$/, lines: 300 },
    { what: "components", pattern: /^packages\/.*\/src\/.*(?<!\.test)\.tsx$/, lines: 150 },
    { what: "tests", pattern: /\.test\.tsx?$/, lines: 500 },
    { what: "scripts", pattern: /\.lua$/, lines: 80 },
  ];
  const files = ["packages", "testing", "e2e"].flatMap(filesBelow);

  it.each(limits)("holds $what to $lines lines", ({ pattern, lines }) => {
    const tooLong = files.filter((path) => pattern.test(path) && countLines(path) > lines);
    expect(tooLong).toEqual([]);
  });

  function countLines(path: string): number {
    return readFileSync(join(root, path), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "").length;
  }
});

function packageJson(folder: string): { dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
