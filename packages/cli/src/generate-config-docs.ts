/** Writes `.env.example` and docs/configuration.md; with --check it only compares, and exits 1 when they differ. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderConfigurationPage, renderEnvExample } from "./config-docs.ts";

const root = new URL("../../../", import.meta.url);
const pages = [
  { path: ".env.example", text: renderEnvExample() },
  { path: "docs/configuration.md", text: renderConfigurationPage() },
];
const changed = pages.filter(({ path, text }) => text !== readText(new URL(path, root)));

if (process.argv.includes("--check")) {
  for (const { path } of changed) console.error(`${path} is not up to date: run npm run docs.`);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of changed) {
    writeFileSync(new URL(path, root), text);
    console.log(`wrote ${fileURLToPath(new URL(path, root))}`);
  }
}

function readText(url: URL): string | null {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return null;
  }
}
