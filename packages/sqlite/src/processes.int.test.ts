import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqliteStores } from "./open-stores.ts";

let path = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "workstream-processes-")), "store.db");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(join(path, ".."), { recursive: true, force: true });
});

const sources = {
  store: new URL("./index.ts", import.meta.url).href,
  testing: new URL("../../../testing/src/new-task.ts", import.meta.url).href,
};

/** Arguments for node to run `program`, in which `openSqliteStores` and `newTask` stand ready, from the sources. */
function nodeArguments(program: string): string[] {
  const flags = ["--conditions=workstream-source", "--import", "tsx", "--input-type=module", "--eval"];
  return [
    ...flags,
    `const { openSqliteStores } = await import(${JSON.stringify(sources.store)});
     const { newTask } = await import(${JSON.stringify(sources.testing)});
     ${program}`,
  ];
}

/** Runs `program` and kills it, without warning, when it has written `count` lines. Answers every line it wrote. */
async function killedAfter(count: number, program: string): Promise<string[]> {
  const child = spawn(process.execPath, nodeArguments(program), { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return lines;
}

const opening = () => `const stores = await openSqliteStores({ path: ${JSON.stringify(path)} });
  const { tasks } = stores;`;

it("loses no accepted task to kill -9 in the middle of a stream of enqueues", async () => {
  const accepted = await killedAfter(
    2_000,
    `${opening()}
    for (;;) {
      await Promise.all(Array.from({ length: 7 }, async () => {
        const { id } = await tasks.enqueue(newTask(tasks.mintId()));
        process.stdout.write(id + "\\n");
      }));
    }`,
  );
  const stores = await openSqliteStores({ path });
  const found = await Promise.all(accepted.map((id) => stores.tasks.get(id)));
  expect(accepted.length).toBeGreaterThanOrEqual(2_000);
  expect(found.filter((task) => task?.state !== "PENDING")).toEqual([]);
  const { states } = await stores.tasks.status();
  expect(states.PENDING).toBeGreaterThanOrEqual(accepted.length);
  await stores.close();
});

it("settles nothing halfway: after kill -9 each task is done, or runs again with one strike", async () => {
  const settled = await killedAfter(
    300,
    `${opening()}
    const request = { workerId: "host-1-a", queues: { primary: 10 }, limit: 10, leaseMs: 30_000,
      retryRatio: { normal: 0.3, warningDepth: 1000, criticalDepth: 5000 } };
    await tasks.enqueueBatch(Array.from({ length: 5000 }, () => newTask(tasks.mintId())));
    let claimed = await tasks.claim(request);
    for (;;) {
      const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: { kind: "complete", result: "done" } }));
      ({ claimed } = await tasks.settle("host-1-a", attempts, request));
      for (const { id } of attempts) process.stdout.write(id + "\\n");
    }`,
  );
  const stores = await openSqliteStores({ path });
  for (const id of settled)
    expect(await stores.tasks.get(id)).toMatchObject({ state: "COMPLETED", result: "done" });
  const { states, queues } = await stores.tasks.status();
  expect(states).toMatchObject({ ACTIVE: 0, FAILED: 0, DLQ: 0 });
  expect(states.COMPLETED + states.PENDING).toBe(5_000);
  expect(queues.retry).toBeLessThanOrEqual(10);
  const [lost] = (await stores.tasks.queueTaskIds("retry", 1)) ?? [];
  if (lost) expect(await stores.tasks.get(lost)).toMatchObject({ lostCount: 1, errorType: "WorkerLost" });
  await stores.close();
});

it("refuses a second process within two seconds, and says what to do", async () => {
  const stores = await openSqliteStores({ path });
  const program = `
    const startedAt = performance.now();
    await openSqliteStores({ path: ${JSON.stringify(path)} }).then(
      () => console.log(JSON.stringify({ opened: true })),
      ({ code, message, details }) =>
        console.log(JSON.stringify({ code, message, details, tookMs: performance.now() - startedAt })),
    );`;
  const { stdout } = await promisify(execFile)(process.execPath, nodeArguments(program));
  const answer = JSON.parse(stdout) as { tookMs: number };
  expect(answer).toMatchObject({ code: "store_unavailable", details: { pid: process.pid } });
  expect(answer).toMatchObject({
    message: expect.stringMatching(new RegExp(`pid ${process.pid}.*REDIS_URL`)),
  });
  expect(answer.tookMs).toBeLessThan(2_000);
  await stores.close();
});
