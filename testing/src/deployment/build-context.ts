/** The files that Docker would be sent: those below a folder, less what its .dockerignore leaves out. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Rule = { pattern: string; isKept: boolean; matches: RegExp };

/** Paths relative to `root`, in no particular order. The last rule that speaks of a path, or of a folder above it, decides. */
export function contextFiles(root: string): string[] {
  const file = join(root, ".dockerignore");
  return filesBelow(root, "", existsSync(file) ? readRules(readFileSync(file, "utf8")) : []);
}

function filesBelow(root: string, folder: string, rules: readonly Rule[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return isIgnored(path, rules) ? [] : [path];
    const mayHoldKept = rules.some(({ pattern, isKept }) => isKept && pattern.startsWith(`${path}/`));
    return isIgnored(path, rules) && !mayHoldKept ? [] : filesBelow(root, path, rules);
  });
}

function isIgnored(path: string, rules: readonly Rule[]): boolean {
  const last = rules.findLast(({ matches }) => matches.test(path));
  return last !== undefined && !last.isKept;
}

function readRules(text: string): Rule[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map(readRule);
}

function readRule(line: string): Rule {
  const isKept = line.startsWith("!");
  const pattern = isKept ? line.slice(1) : line;
  const source = pattern
    .split("/")
    .map((part) => (part === "**" ? "(.*/)?" : `${escaped(part)}/`))
    .join("");
  return { pattern, isKept, matches: new RegExp(`^${source.replace(/\/$/, "")}(/|$)`) };
}

function escaped(part: string): string {
  return part
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
}
