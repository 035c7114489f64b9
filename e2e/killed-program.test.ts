/** The promise on the embedded store: the whole program killed with -9 again and again while it accepts and runs tasks. */
import { join } from "node:path";
import { freePort, until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addProbes, addTasks, call, type Detail, queueStatus, task, unfinished } from "./gateway.ts";
import { gatewayReady, type Program, probeModule, Stage } from "./program.ts";

const kills = 6;
let stage: Stage;
let url: string;
let env: Record<string, string>;

beforeEach(async () => {
  stage = new Stage();
  const [port, folder] = [await freePort(), await stage.folder()];
  url = `http://127.0.0.1:${port}`;
  env = {
    DATA_DIR: folder,
    API_PORT: String(port),
    WORKER_CONCURRENCY: "20",
    PROBE_JOURNAL: join(folder, "journal"),
  };
});
afterEach(() => stage.close());

const launch = () => stage.start({ args: ["up", "--tasks", probeModule], env });

async function start(): Promise<Program> {
  const program = launch();
  await gatewayReady(url, program);
  return program;
}

it("loses no accepted task to kill -9", async () => {
  const accepted = new Set<string>();
  let program = await start();
  for (let kill = 0; kill <= kills; kill++) {
    const before = accepted.size;
    const submitting = submit(url, 300, accepted);
    await until("a hundred more accepted", () => accepted.size >= before + 100, { timeoutMs: 20_000 });
    if (kill === kills) {
      await submitting;
      break;
    }
    await program.end("SIGKILL");
    await submitting;
    program = await start();
  }
  await until("every task at rest", async () => (await unfinished(url)) === 0, {
    timeoutMs: 60_000,
    everyMs: 100,
  });

  const details = await Promise.all([...accepted].map((id) => task(url, id)));
  const missing = details.filter((detail) => !["COMPLETED", "DLQ"].includes(detail.state));
  expect(missing).toEqual([]);
  for (const detail of details.filter(({ state }) => state === "COMPLETED")) expectOneCommit(detail);
  const { states } = await queueStatus(url);
  expect((states.COMPLETED ?? 0) + (states.DLQ ?? 0)).toBeGreaterThanOrEqual(accepted.size);
  process.stdout.write(
    `${kills} kills, ${accepted.size} accepted, ${states.COMPLETED} completed, ${states.DLQ} dead letters\n`,
  );
});

it("buries a task that killed the program three times, and completes those that ran beside it", async () => {
  const slots = 5;
  env.WORKER_CONCURRENCY = String(slots);
  let program = await start();
  const beside = await addProbes(url, slots - 1, () => 300);
  const [poison = ""] = await addTasks(url, "poison", 1, () => 100);
  for (let kill = 0; kill < 3; kill += 1) {
    await until("the program to be killed", () => !program.isRunning, { timeoutMs: 20_000 });
    // Not awaited until it is ready: it may be killed before anyone could ask.
    program = launch();
  }
  await gatewayReady(url, program);
  await until("every task at rest", async () => (await unfinished(url)) === 0, { timeoutMs: 30_000 });
  expect(await task(url, poison)).toMatchObject({ state: "DLQ", error_type: "WorkerLost" });
  for (const id of beside) expect(await task(url, id)).toMatchObject({ state: "COMPLETED" });
  expect(program.isRunning).toBe(true);
});

function expectOneCommit({ state_history, result }: Detail): void {
  expect(state_history.filter(({ state }) => state === "COMPLETED")).toHaveLength(1);
  expect(JSON.parse(result ?? "{}")).toHaveProperty("token");
}

/** Submits one after the other until the program is gone; notes only what it said it accepted. */
async function submit(url: string, count: number, accepted: Set<string>): Promise<void> {
  for (let i = 0; i < count; i++) {
    const body = { input: { ms: Math.random() * 100 } };
    const answer = await call<{ task_id: string }>(`${url}/api/v1/tasks/probe`, "POST", body).catch(
      () => null,
    );
    if (answer?.status !== 201) return;
    accepted.add(answer.body.task_id);
  }
}
