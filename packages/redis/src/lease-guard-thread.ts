/** The thread of lease-guard.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { GuardThreadData } from "./lease-guard.ts";
import { openLink } from "./open-link.ts";

const { places, workerId, leaseMs, silenceLimitMs, beats } = workerData as GuardThreadData;
const counter = new Int32Array(beats);
const links = await Promise.all(places.map((place) => openLink({ ...place, role: "lease-guard" })));

let lastCount = Atomics.load(counter, 0);
let lastBeatAt = performance.now();

async function check(): Promise<void> {
  const count = Atomics.load(counter, 0);
  const silentMs = performance.now() - lastBeatAt;
  if (count !== lastCount) {
    lastCount = count;
    lastBeatAt = performance.now();
  } else if (silentMs > leaseMs / 3 && silentMs <= silenceLimitMs) {
    await Promise.allSettled(
      links.map(({ keys, scripts }) =>
        scripts.run("extend-worker", { args: { workerId, leaseMs }, keys: [keys.workerLeases(workerId)] }),
      ),
    );
  }
}

setInterval(check, Math.max(leaseMs / 6, 10));
parentPort?.postMessage("ready");
