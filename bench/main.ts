import { parseArgs } from "node:util";
import { machine } from "./machine.ts";
import { throughput } from "./throughput.ts";

const scenarios = { throughput };

const usage = `npm run bench -- [${Object.keys(scenarios).join(" | ")}] [--runs n] [--tasks n] [--json]\n`;

const { values, positionals } = readArguments();

function readArguments() {
  try {
    return parseArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

function parseArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      runs: { type: "string", default: "5" },
      tasks: { type: "string", default: "100000" },
    },
  });
}

if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const unknown = names.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(", ")}. There is: ${Object.keys(scenarios).join(", ")}.\n`);
  process.exit(2);
}

const options = { runs: Number(values.runs), tasks: Number(values.tasks) };
if (
  !(
    Number.isInteger(options.runs) &&
    options.runs > 0 &&
    Number.isInteger(options.tasks) &&
    options.tasks >= 1_000
  )
) {
  process.stderr.write(`--runs must be at least 1, --tasks at least 1000.\n${usage}`);
  process.exit(2);
}
for (const name of names as (keyof typeof scenarios)[]) {
  process.stderr.write(`${name}: ${options.runs} runs of ${options.tasks} tasks\n`);
  const report = { scenario: name, machine: machine(), ...(await scenarios[name](options)) };
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${report.text}\n`);
}
