/** Keeps what was measured in bench/results.json, and writes the page from it: no figure is put in by hand. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { machine } from "./machine.ts";
import { type Measured, type Results, titleOf, toPage } from "./report.ts";
import { scenarios } from "./scenarios.ts";

const dataFile = new URL("./results.json", import.meta.url);
const pageFile = new URL("./RESULTS.md", import.meta.url);

/** Takes the place of what was known of these scenarios; on another machine, or with other versions, of everything. */
export function keep(found: readonly Measured[]): void {
  const here = machine();
  const known = read();
  const isSame = JSON.stringify(known?.machine) === JSON.stringify(here);
  const titles = new Set(found.map(titleOf));
  const kept = isSame ? (known?.scenarios ?? []).filter((scenario) => !titles.has(titleOf(scenario))) : [];
  const results = { machine: here, scenarios: [...kept, ...found].sort((a, b) => place(a) - place(b)) };
  writeFileSync(dataFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(pageFile, toPage(results));
}

function read(): Results | null {
  return existsSync(dataFile) ? (JSON.parse(readFileSync(dataFile, "utf8")) as Results) : null;
}

function place({ name, isDurable }: Measured): number {
  return scenarios.findIndex((scenario) => scenario.name === name) * 2 + (isDurable ? 1 : 0);
}
