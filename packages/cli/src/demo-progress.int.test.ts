import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const demoProgress = new URL("./demo-progress.ts", import.meta.url).href;
const noTasks = `{ tasks: [], unfinished: [], counts: () => "" }`;

/** How a process ends that draws the bar and then runs `code`. */
async function endOf(code: string): Promise<number | null> {
  const module = `
    import { showTerminalProgress } from ${JSON.stringify(demoProgress)};
    const bar = showTerminalProgress(3);
    ${code}
  `;
  const flags = ["--import", tsx, "--conditions=workstream-source", "--input-type=module", "--eval", module];
  const child = spawn(process.execPath, flags, { stdio: ["pipe", "ignore", "ignore"] });
  const [exitCode] = await once(child, "exit");
  return exitCode;
}

it.each([
  ["clack's exit(0) on Ctrl-C", "process.exit(0);", 130],
  ["SIGINT", "process.kill(process.pid, 'SIGINT');", 130],
  ["SIGTERM", "process.kill(process.pid, 'SIGTERM');", 130],
  ["a fault of ours", "throw new Error('expected in this test');", 1],
  ["the end of the demo", `bar.finished(${noTasks}); process.exit(0);`, 0],
])("ends after %s with the code that the help promises", async (_, code, expected) => {
  expect(await endOf(code)).toBe(expected);
});
