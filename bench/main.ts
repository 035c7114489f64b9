import { parseArgs } from "node:util";
import { machine } from "./machine.ts";
import { throughput } from "./throughput.ts";

const scenarios = { throughput };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    tasks: { type: "string", default: "30000" },
  },
});

const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const unknown = names.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(", ")}. There is: ${Object.keys(scenarios).join(", ")}.\n`);
  process.exit(2);
}

const options = { runs: Number(values.runs), tasks: Number(values.tasks) };
for (const name of names as (keyof typeof scenarios)[]) {
  process.stderr.write(`${name}: ${options.runs} runs of ${options.tasks} tasks\n`);
  const report = { scenario: name, machine: machine(), ...(await scenarios[name](options)) };
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${report.text}\n`);
}
