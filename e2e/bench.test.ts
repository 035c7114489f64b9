/** The benchmarks run: each process that they measure starts and answers. Figures are another matter, and in no test. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

type Report = { scenarios: { name: string; rows: { what: string; ours: { median: number } }[] }[] };

async function bench(...args: string[]): Promise<Report> {
  const run = promisify(execFile)(process.execPath, ["scripts/bench.mjs", ...args, "--runs", "1", "--json"], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  const { stdout } = await run;
  return JSON.parse(stdout.slice(stdout.indexOf("{")));
}

describe("npm run bench", () => {
  it.each([
    ["add", ["--tasks", "1000"]],
    ["one-slot", ["--tasks", "1000"]],
    ["embedded", ["--tasks", "1000"]],
    ["gateway", []],
    ["sse", ["--clients", "20"]],
  ])("%s measures all that it names", async (name, args) => {
    const { scenarios } = await bench(name, ...args);
    expect(scenarios.map((scenario) => scenario.name)).toEqual([name]);
    const rows = scenarios[0]?.rows ?? [];
    expect(rows.length).toBeGreaterThan(0);
    for (const { what, ours } of rows) expect(ours.median, what).toBeGreaterThanOrEqual(0);
  });

  it("says which scenarios there are when one is misspelt", async () => {
    const refused = await bench("throughputs").catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Unknown: throughputs\. There is: add, /m),
    });
  });
});
