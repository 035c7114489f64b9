import { parseArgs } from "node:util";
import type { BenchOptions } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

export type BenchArguments = BenchOptions & { names: string[]; isJson: boolean; isWritten: boolean };

export const usage = `npm run bench -- [name …] [options]

  --runs n     runs of each side, in turn (5)
  --tasks n    size of the scenarios, at least 1,000 (each has its own)
  --clients n  readers of the event stream, for sse (1,000)
  --part name  only this part of a scenario that has parts (scale: lists, pages, …); may stand several times
  --aof        with an append-only file, synced every second, where that makes a difference
  --json       prints what was found as JSON
  --write      writes it to bench/results.json and bench/RESULTS.md

${scenarios.map(({ name, describes }) => `  ${name.padEnd(12)} ${describes}`).join("\n")}

Without a name: all of them.
`;

/** Null when the usage was asked for. @throws Error with a text for people */
export function readArguments(args: readonly string[]): BenchArguments | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      aof: { type: "boolean", default: false },
      runs: { type: "string", default: "5" },
      tasks: { type: "string" },
      clients: { type: "string" },
      part: { type: "string", multiple: true, default: [] },
    },
  });
  if (values.help) return null;
  const known = scenarios.filter(({ hasDurable }) => hasDurable || !values.aof).map(({ name }) => name);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(", ")}. There is: ${known.join(", ")}.`);
  const names = known.filter((name) => positionals.length === 0 || positionals.includes(name));
  checkParts(values.part, names);
  return {
    names,
    parts: values.part,
    runs: wholeNumber("--runs", values.runs, 1),
    tasks: values.tasks === undefined ? null : wholeNumber("--tasks", values.tasks, 1_000),
    clients: values.clients === undefined ? null : wholeNumber("--clients", values.clients, 1),
    isDurable: values.aof,
    isJson: values.json,
    isWritten: values.write,
  };
}

function checkParts(parts: readonly string[], names: readonly string[]): void {
  const known = scenarios.filter(({ name }) => names.includes(name)).map((scenario) => scenario.parts ?? []);
  const unknown = parts.filter((part) => !known.every((of) => of.includes(part)));
  if (unknown.length === 0) return;
  throw new Error(`No such part: ${unknown.join(", ")}. There is: ${known.flat().join(", ") || "none"}.`);
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number, at least ${least}.`);
}
