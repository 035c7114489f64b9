import { primaryQueue } from "@workstream/core";
import { cancel, defineTask, permanent, snooze, taskError } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { describeWorker } from "./worker-stage.ts";

const text = z.string();
const echo = defineTask({
  type: "echo",
  queue: primaryQueue,
  input: text,
  output: text,
  run: (input) => input,
});

/** Fails as told by `fault` until `attempts` is reached. */
function failing(
  fault: (attempt: number) => unknown,
  more: { deadLetter?: boolean; succeedsAt?: number } = {},
) {
  return defineTask({
    type: "failing",
    queue: primaryQueue,
    input: text,
    output: text,
    retry: { schedules: { Default: [0.05], RateLimitError: [0.05] }, deadLetter: more.deadLetter ?? true },
    run(_, { attempt }) {
      if (attempt >= (more.succeedsAt ?? 99)) return `attempt ${attempt}`;
      throw fault(attempt);
    },
  });
}

describeWorker("what becomes of a task", (setStage) => {
  it("completes tasks that wait, and tasks that come later", async () => {
    const stage = await setStage();
    const early = await stage.enqueueMany(120);
    const worker = stage.start([echo], { concurrency: 7 });
    for (const id of early) expect((await stage.reaches(id, "COMPLETED")).result).toBe("hello");
    const late = await stage.enqueue({ content: "late" });
    expect(await stage.reaches(late, "COMPLETED")).toMatchObject({
      result: "late",
      workerId: worker.workerId,
    });
    expect(worker.health()).toMatchObject({ state: "running", completed: 121, failed: 0, unsettled: 0 });
  });

  it("gives JSON as JSON, and stores what is no text as JSON", async () => {
    const stage = await setStage();
    const io = z.object({ n: z.number() });
    stage.start([defineTask({ type: "double", input: io, output: io, run: ({ n }) => ({ n: 2 * n }) })]);
    const id = await stage.enqueue({
      type: "double",
      queue: "double",
      contentKind: "json",
      content: '{"n":21}',
    });
    expect((await stage.reaches(id, "COMPLETED")).result).toBe('{"n":42}');
  });

  it("streams an uploaded file to its handler", async () => {
    const stage = await setStage();
    const size = defineTask({
      type: "size",
      queue: primaryQueue,
      takesFile: true,
      input: z.object({ filename: z.string() }),
      output: z.object({ name: z.string(), bytes: z.number() }),
      async run({ filename }, context) {
        let bytes = 0;
        for await (const chunk of context.readInput()) bytes += chunk.byteLength;
        expect(context.contentName).toBe(filename);
        return { name: filename, bytes };
      },
    });
    const id = stage.tasks.mintId();
    const writer = await stage.opened.stores.inputs.open(id);
    await writer.write(new Uint8Array(700_000));
    const file = { contentKind: "file", content: "scan.pdf", metadata: '{"filename":"scan.pdf"}' } as const;
    await stage.enqueue({ id, type: "size", ...file });
    stage.start([size]);
    expect((await stage.reaches(id, "COMPLETED")).result).toBe('{"name":"scan.pdf","bytes":700000}');
  });

  it("retries by the schedule of the error's type until an attempt succeeds", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing" });
    stage.start([failing(() => taskError("RateLimitError", "Slow down."), { succeedsAt: 3 })]);
    const task = await stage.reaches(id, "COMPLETED");
    expect(task).toMatchObject({ result: "attempt 3", retryCount: 2 });
    expect(task.errorHistory.map(({ errorType, error }) => `${errorType}: ${error}`)).toEqual([
      "RateLimitError: Slow down.",
      "RateLimitError: Slow down.",
    ]);
  });

  it("buries a task that is out of retries", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing", maxRetries: 1 });
    const worker = stage.start([failing((attempt) => new Error(`failure ${attempt}`))]);
    const task = await stage.reaches(id, "DLQ");
    expect(task).toMatchObject({ lastError: "failure 2", errorType: "Default", retryCount: 1 });
    expect(worker.health()).toMatchObject({ completed: 0, failed: 2 });
  });

  it("buries at once what no retry mends", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing" });
    stage.start([failing(() => permanent("No such thing.", { cause: new Error("404") }))]);
    expect(await stage.reaches(id, "DLQ")).toMatchObject({
      lastError: "No such thing.: 404",
      errorType: "PermanentError",
      retryCount: 0,
    });
  });

  it("lets a type that opts out of dead letters rest in FAILED", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing", maxRetries: 0 });
    stage.start([failing(() => "not even an error", { deadLetter: false })]);
    expect(await stage.reaches(id, "FAILED")).toMatchObject({ lastError: "Thrown: not even an error" });
  });

  it("gives up a task that is too old to retry", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing" });
    stage.start([failing(() => taskError("Default", "boom", { retryAfterMs: 5000 }))], {
      maxTaskAgeMs: 4000,
    });
    expect(await stage.reaches(id, "DLQ")).toMatchObject({ lastError: "boom", retryCount: 0 });
  });

  it("runs a snoozed task again with no attempt used up", async () => {
    const stage = await setStage();
    const seen: number[] = [];
    const snoozing = defineTask({
      type: "snoozing",
      queue: primaryQueue,
      input: text,
      output: text,
      run(_, { attempt }) {
        seen.push(attempt);
        return seen.length < 3 ? snooze(20) : "awake";
      },
    });
    const id = await stage.enqueue({ type: "snoozing" });
    stage.start([snoozing]);
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({
      result: "awake",
      retryCount: 0,
      errorHistory: [],
    });
    expect(seen).toEqual([1, 1, 1]);
  });

  it("cancels a task at its handler's word", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "failing" });
    stage.start([failing(() => cancel("The page is gone."))]);
    expect(await stage.reaches(id, "CANCELLED")).toMatchObject({ lastError: "The page is gone." });
  });

  it("buries input and results that break the schemas", async () => {
    const stage = await setStage();
    const strict = defineTask({
      type: "strict",
      queue: primaryQueue,
      input: z.object({ n: z.number() }),
      output: z.object({ n: z.number().max(10) }),
      run: (input) => input,
    });
    const json = { type: "strict", contentKind: "json" } as const;
    const input = await stage.enqueue({ ...json, content: '{"n":"1"}' });
    const result = await stage.enqueue({ ...json, content: '{"n":11}' });
    stage.start([strict]);
    expect(await stage.reaches(input, "DLQ")).toMatchObject({ errorType: "ValidationError", retryCount: 0 });
    expect((await stage.task(input)).lastError).toMatch(/^Invalid input: \/n: /);
    expect((await stage.reaches(result, "DLQ")).lastError).toMatch(/^Invalid result: \/n: /);
  });

  it("puts a task of an unknown type aside, for a worker that knows it", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "exotic" });
    const before = Date.now();
    stage.start([echo]);
    const task = await stage.reaches(id, "SCHEDULED");
    expect(task).toMatchObject({ retryCount: 0, errorHistory: [] });
    expect(task.retryAfterAt).toBeGreaterThan(before + 4000);
    expect(task.retryAfterAt).toBeLessThan(Date.now() + 6000);
  });

  it("promotes delayed tasks when they are due, not a second later", async () => {
    const stage = await setStage();
    stage.start([echo]);
    await stage.reaches(await stage.enqueue(), "COMPLETED");
    const task = await stage.reaches(await stage.enqueue({ delayMs: 300 }), "COMPLETED");
    const waited = (task.startedAt ?? 0) - task.createdAt;
    expect(waited).toBeGreaterThanOrEqual(300);
    expect(waited).toBeLessThan(2000);
  });
});
