import { loadavg } from "node:os";
import { type BenchArguments, readArguments, usage } from "./arguments.ts";
import { machine } from "./machine.ts";
import { type Measured, measured, titleOf, toText } from "./report.ts";
import { keep } from "./results.ts";
import { scenarios } from "./scenarios.ts";

async function main({ names, isJson, isWritten, ...options }: BenchArguments): Promise<void> {
  const found: Measured[] = [];
  if (!isJson)
    process.stdout.write(
      `${Object.entries(machine())
        .map(([name, value]) => `${name} ${value}`)
        .join(" · ")}\n`,
    );
  for (const scenario of scenarios.filter(({ name }) => names.includes(name))) {
    const settings = { ...options, tasks: options.tasks ?? scenario.size };
    process.stderr.write(`${titleOf({ ...options, name: scenario.name })}: ${scenario.describes}\n`);
    const load = loadavg()[0] ?? 0;
    const result = measured(scenario, { ...settings, load }, await scenario.run(settings));
    found.push(result);
    if (!isJson) process.stdout.write(`\n${toText(result)}`);
    if (isWritten) keep([result]);
  }
  if (isJson) process.stdout.write(`${JSON.stringify({ machine: machine(), scenarios: found }, null, 2)}\n`);
}

function argumentsOrExit(): BenchArguments {
  try {
    const read = readArguments(process.argv.slice(2));
    if (read) return read;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

await main(argumentsOrExit());
// Connections that a side left open must not keep the harness.
process.exit(0);
