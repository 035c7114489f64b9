import { type ErrorType, staleAfterMs, type WorkerBeat } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { complete, failed, snooze, workerId } from "../task-driver.ts";
import { type ApiStage, useApi } from "./api-stage.ts";

const beat: WorkerBeat = {
  workerId,
  hostname: "host",
  pid: 1,
  version: "1.2.3",
  concurrency: 4,
  highPrioritySlots: 0,
  queues: ["primary"],
  types: ["echo"],
  isDraining: false,
  completed: 0,
  failed: 0,
  eventLoopLagMs: 0,
  memoryBytes: 0,
  claimLoopAgeMs: 0,
};

describe.each(storeKinds)("the explanation of a task on %s", (kind) => {
  const openApi = useApi(kind);
  const openWithWorker = async (): Promise<ApiStage> => {
    const stage = await openApi();
    await stage.stores.workers.beat(beat);
    return stage;
  };
  const explain = async ({ ask }: ApiStage, id: string) =>
    (await ask("GET", `/api/v1/tasks/${id}/explain`)).body;

  it("tells its place in line", async () => {
    const stage = await openWithWorker();
    const [, , third = ""] = await stage.driver.enqueueMany(3, { type: "echo" });
    expect(await explain(stage, third)).toEqual({
      task_id: third,
      state: "PENDING",
      reason: "in_line",
      summary: "Waits for a free worker of the queue primary; 2 tasks stand before it in its lane.",
      until: null,
      queue: "primary",
      position: 2,
      service: null,
      workers: 1,
    });
  });

  it("tells of a pause, of silent workers, and of types that none knows", async () => {
    const stage = await openWithWorker();
    const id = await stage.driver.enqueue({ type: "echo" });
    const odd = await stage.driver.enqueue({ type: "odd" });
    expect(await explain(stage, odd)).toMatchObject({ reason: "no_worker", workers: 1 });
    await stage.ask("POST", "/api/v1/queues/primary/pause");
    expect(await explain(stage, id)).toMatchObject({ reason: "queue_paused" });
    await stage.ask("POST", "/api/v1/queues/primary/resume");
    stage.clock.advance(staleAfterMs + 1);
    expect(await explain(stage, id)).toMatchObject({ reason: "no_worker", workers: 0 });
  });

  it("tells what runs and what has ended", async () => {
    const stage = await openWithWorker();
    const id = await stage.driver.enqueue({ type: "echo" });
    const attempt = await stage.driver.claimOne();
    expect(await explain(stage, id)).toMatchObject({ state: "ACTIVE", reason: "running", position: null });
    await stage.driver.settle(attempt, complete);
    expect(await explain(stage, id)).toMatchObject({ state: "COMPLETED", reason: "ended", until: null });
  });

  it("counts the retries of a task that backs off", async () => {
    const stage = await openWithWorker();
    const until = () => new Date(stage.clock.now() + 5_000).toISOString();
    const again = failed({ to: "SCHEDULED", delayMs: 5_000 }, "ServiceUnavailable" satisfies ErrorType);
    const id = await stage.driver.ran(again, { type: "echo" });
    const first = await explain(stage, id);
    expect(first).toMatchObject({ reason: "backing_off", until: until() });
    expect(first.summary).toMatch(/^Waits for its first retry at .* UTC: the service was unavailable\.$/);
    stage.clock.advance(5_000);
    await stage.driver.tasks.promote(1);
    await stage.driver.settle(await stage.driver.claimOne(), again);
    expect((await explain(stage, id)).summary).toContain("second retry");
  });

  it("tells what was delayed from what asked to go on later", async () => {
    const stage = await openWithWorker();
    const delayed = await stage.driver.enqueue({ delayMs: 60_000 });
    const snoozed = await stage.driver.ran(snooze(5_000));
    expect(await explain(stage, delayed)).toMatchObject({
      reason: "delayed",
      until: new Date(stage.clock.now() + 60_000).toISOString(),
    });
    expect(await explain(stage, snoozed)).toMatchObject({
      reason: "snoozed",
      until: new Date(stage.clock.now() + 5_000).toISOString(),
    });
  });

  it("is none of a task that there is not", async () => {
    const { ask } = await openApi();
    const { status, body } = await ask("GET", "/api/v1/tasks/none/explain");
    expect([status, body.code]).toEqual([404, "not_found"]);
  });
});
