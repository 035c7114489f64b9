/** The thread of lease-guard.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { GuardThreadData } from "./lease-guard.ts";
import { openLink } from "./open-link.ts";

const { url, prefix, workerId, leaseMs, silenceLimitMs, beats } = workerData as GuardThreadData;
const counter = new Int32Array(beats);
const link = await openLink({ url, prefix, role: "lease-guard" });

let lastCount = Atomics.load(counter, 0);
let lastBeatAt = performance.now();

async function check(): Promise<void> {
  const count = Atomics.load(counter, 0);
  const silentMs = performance.now() - lastBeatAt;
  if (count !== lastCount) {
    lastCount = count;
    lastBeatAt = performance.now();
  } else if (silentMs > leaseMs / 3 && silentMs <= silenceLimitMs) {
    const keys = [link.keys.workerLeases(workerId)];
    await link.scripts.run("extend-worker", { args: { workerId, leaseMs }, keys }).catch(() => {});
  }
}

setInterval(check, Math.max(leaseMs / 6, 10));
parentPort?.postMessage("ready");
