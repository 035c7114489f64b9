/** Keeps what was measured in bench/results.json, and writes the page from it: no figure is put in by hand. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { machine } from "./machine.ts";
import { type Measured, type Results, titleOf, toPage } from "./report.ts";
import { scenarios } from "./scenarios.ts";

const dataFile = new URL("./results.json", import.meta.url);
const pageFile = new URL("./RESULTS.md", import.meta.url);

/**
 * Takes the place of what was known of these scenarios, a part of its own rows alone; on another machine, or with other
 * versions, of everything.
 */
export function keep(found: readonly Measured[]): void {
  const here = machine();
  const known = read();
  const isSame = JSON.stringify(known?.machine) === JSON.stringify(here);
  const kept = isSame ? (known?.scenarios ?? []).flatMap((scenario) => left(scenario, found)) : [];
  const results = { machine: here, scenarios: [...kept, ...found].sort((a, b) => place(a) - place(b)) };
  writeFileSync(dataFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(pageFile, toPage(results));
}

function left(scenario: Measured, found: readonly Measured[]): Measured[] {
  if (found.some((other) => titleOf(other) === titleOf(scenario))) return [];
  const whole = titleOf({ ...scenario, parts: [] });
  const anew = found.filter((other) => titleOf({ ...other, parts: [] }) === whole);
  const measured = new Set(anew.flatMap(({ rows }) => rows.map(({ what }) => what)));
  const rows = scenario.rows.filter(({ what }) => !measured.has(what));
  return rows.length > 0 ? [{ ...scenario, rows }] : [];
}

function read(): Results | null {
  return existsSync(dataFile) ? (JSON.parse(readFileSync(dataFile, "utf8")) as Results) : null;
}

function place({ name, isDurable }: Measured): number {
  return scenarios.findIndex((scenario) => scenario.name === name) * 2 + (isDurable ? 1 : 0);
}
