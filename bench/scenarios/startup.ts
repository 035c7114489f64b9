/** From `npm start` to the first 200 of /ready, when everything is installed and built, on a new folder for its data. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, until } from "@workstream/testing";
import { interleave } from "../interleave.ts";
import { oursAtMost, row, type Scenario } from "../scenario.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

async function secondsToReady(): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "workstream-bench-"));
  const [api, dashboard] = [await freePort(), await freePort()];
  const settings = { REDIS_URL: "", DATA_DIR: dir, API_PORT: String(api), DASHBOARD_PORT: String(dashboard) };
  const startedAt = performance.now();
  // A group of its own, so that npm and what it starts can be ended together.
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: "ignore",
    detached: true,
  });
  const ended = once(child, "exit");
  try {
    await until("/ready", () => isReady(`http://127.0.0.1:${api}/ready`), { timeoutMs: 180_000, everyMs: 5 });
    return (performance.now() - startedAt) / 1000;
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
    // npm may end before what it started, which still writes there.
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

export const startup: Scenario = {
  name: "startup",
  describes: "`npm start` on the embedded store, dashboard included, until /ready answers 200.",
  size: 0,
  hasDurable: false,
  async run({ runs }) {
    // Installs and builds, if anything is left to do.
    await secondsToReady();
    const { workstream } = await interleave(runs, { workstream: secondsToReady });
    return [row("warm npm start to ready", "s", { ours: workstream, goal: oursAtMost(2) })];
  },
};
