/** How what was measured is shown: on the terminal, and as the page bench/RESULTS.md. */
import { type BenchOptions, type Goal, isMet, type Row, type Scenario } from "./scenario.ts";
import type { Spread } from "./spread.ts";

export type Measured = {
  name: string;
  describes: string;
  isDurable: boolean;
  /** Null when not told. */
  clients: number | null;
  /** Absent: all that it has. */
  parts?: readonly string[];
  settings: string;
  rows: Row[];
};
export type Results = { machine: Record<string, string>; scenarios: Measured[] };

/** As it is asked for. */
export function titleOf({
  name,
  isDurable,
  clients,
  parts,
}: Pick<Measured, "name" | "isDurable" | "clients" | "parts">): string {
  const options = [
    isDurable ? " --aof" : "",
    clients === null ? "" : ` --clients ${clients}`,
    ...(parts ?? []).map((part) => ` --part ${part}`),
  ];
  return `${name}${options.join("")}`;
}

export function measured(
  { name, describes, size }: Scenario,
  settings: Omit<BenchOptions, "tasks"> & { tasks: number; load: number },
  rows: Row[],
): Measured {
  const { runs, tasks, clients, parts, isDurable, load } = settings;
  const sizes = size === 0 ? [] : [`size ${figure(tasks)}`];
  const words = [`runs ${runs}`, ...sizes, `load of the machine before ${load.toFixed(1)}`];
  return {
    name,
    describes,
    isDurable,
    clients,
    ...(parts.length > 0 && { parts }),
    settings: words.join(", "),
    rows,
  };
}

export function toText(scenario: Measured): string {
  const cells = [header, ...scenario.rows.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${titleOf(scenario)} (${scenario.settings})\n${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

export function toPage({ machine, scenarios }: Results): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `# Results

<!-- Written by \`npm run bench -- --write\` from bench/results.json. -->

Ours beside a peer's, measured in turn on one redis-server and one machine: median (range) of the runs. A ratio is ours
divided by the peer's of the same run. What is measured how: [docs/performance.md](../docs/performance.md).

Measured on: ${facts.join(" · ")}.
${scenarios.map(section).join("")}`;
}

function section(scenario: Measured): string {
  const durable = scenario.isDurable ? " With an append-only file, synced every second." : "";
  const lines = [header, header.map(() => "---"), ...scenario.rows.map(cellsOf)];
  return `
## ${titleOf(scenario)}
${scenario.describes}${durable} ${scenario.settings}.

${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}

const header = ["what", "unit", "goal", "ours", "peer's", "ratio", "verdict"];

function cellsOf(row: Row): string[] {
  const { peer, ratio, goal } = row;
  const verdict = isMet(row);
  return [
    row.what,
    row.unit,
    goal ? goalText(goal) : "–",
    withRange(row.ours),
    peer ? `${peer.name} ${withRange(peer)}` : "–",
    ratio ? withRange(ratio) : "–",
    verdict === null ? "–" : verdict ? "met" : "not met",
  ];
}

function goalText({ of, is, bound }: Goal): string {
  return `${of === "ratio" ? "ratio" : "ours"} ${is === "at least" ? "≥" : "≤"} ${bound}`;
}

function withRange({ median, min, max, runs }: Spread): string {
  if (runs.length < 2) return figure(median);
  return `${figure(median)} (${figure(min)}–${figure(max)})`;
}

function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}
