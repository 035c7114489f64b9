import type { ClaimedTask } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTask } from "../definition/define-task.ts";
import { snooze } from "../definition/verdict.ts";
import { silentLogger } from "../logger.ts";
import { Attempt } from "./attempt.ts";
import { AttemptContext, maxProgressLength } from "./attempt-context.ts";
import { failureOf } from "./failure.ts";
import { runHandler } from "./run-handler.ts";

const claimed: ClaimedTask = {
  id: "0198c5f2-0000-7000-8000-000000000000",
  token: "1785000000000001",
  type: "echo",
  queue: "bulk",
  lane: "normal",
  contentKind: "text",
  content: "hello",
  metadata: '{"user":"ada"}',
  attempt: 2,
  retryCount: 1,
  maxRetries: 3,
  timeoutMs: null,
  createdAt: 0,
  claimedAt: 0,
  ageMs: 0,
  wasParked: false,
  freeFailures: 0,
};

type Options = Parameters<typeof defineTask>[0];
const chunks = [new Uint8Array([1]), new Uint8Array([2, 3])];

function setUp(options: Partial<Options>, facts: Partial<ClaimedTask> = {}) {
  const definition = defineTask({
    type: "echo",
    input: z.unknown(),
    output: z.unknown(),
    run: (input) => input,
    ...options,
  });
  const attempt = new Attempt({ ...claimed, ...facts }, definition, 0);
  const reported: (string | null)[] = [];
  const context = new AttemptContext(attempt, {
    inputs: { read: async (id) => (id === claimed.id ? arrive(chunks) : null) },
    extras: { service: unused, step: unused, write: unused, restartOutput: unused },
    logger: silentLogger,
    onProgress: ({ unsentProgress }) => reported.push(unsentProgress),
  });
  return { attempt, context, reported };
}

function unused(): never {
  throw new Error("This test needs no extras.");
}

async function* arrive<T>(items: T[]) {
  yield* items;
}

function run(options: Partial<Options>, facts: Partial<ClaimedTask> = {}) {
  const { attempt, context } = setUp(options, facts);
  return runHandler(attempt, context);
}

async function failure(options: Partial<Options>, facts: Partial<ClaimedTask> = {}) {
  const ending = await run(options, facts);
  return ending.kind === "threw" ? failureOf(ending.thrown) : ending;
}

describe("runHandler", () => {
  it.each([
    ["text", "hello", "hello"],
    ["json", '{"n":1}', '{"n":1}'],
    ["json", '"quoted"', "quoted"],
  ] as const)("gives the handler %s %s", async (contentKind, content, result) => {
    expect(await run({}, { contentKind, content })).toEqual({ kind: "returned", result });
  });

  it("stores nothing as null, and what the output schema makes of a result", async () => {
    expect(await run({ run: () => undefined })).toEqual({ kind: "returned", result: "null" });
    expect(await run({ output: z.object({ a: z.coerce.number() }), run: () => ({ a: "7", b: 1 }) })).toEqual({
      kind: "returned",
      result: '{"a":7}',
    });
  });

  it("gives a type that takes a file its metadata, and the bytes through its context", async () => {
    const options: Partial<Options> = {
      takesFile: true,
      input: z.object({ user: z.string() }),
      async run(input, context) {
        const bytes: number[] = [];
        for await (const chunk of context.readInput()) bytes.push(...chunk);
        return { input, bytes, name: context.contentName };
      },
    };
    const ending = await run(options, { contentKind: "file", content: "scan.pdf" });
    const result = JSON.stringify({ input: { user: "ada" }, bytes: [1, 2, 3], name: "scan.pdf" });
    expect(ending).toEqual({ kind: "returned", result });
  });

  it("fails for good when the file is gone", async () => {
    const readAll: Partial<Options> = {
      takesFile: true,
      async run(_, context) {
        for await (const _chunk of context.readInput());
      },
    };
    const facts = { id: "another", contentKind: "file" } as const;
    expect(await failure(readAll, facts)).toMatchObject({
      errorType: "ValidationError",
      message: "The task has no uploaded file.",
    });
  });

  it.each([
    [
      "input of another shape",
      { input: z.object({ n: z.number() }) },
      { contentKind: "json", content: '{"n":"1"}' },
    ],
    ["broken JSON", {}, { contentKind: "json", content: "{" }],
    ["text for a file", { takesFile: true }, {}],
    ["a file for text", {}, { contentKind: "file" }],
  ] as const)("refuses %s without running the handler", async (_, options, facts) => {
    let hasRun = false;
    const answer = await failure({ ...options, run: () => (hasRun = true) }, facts);
    expect(answer).toMatchObject({
      errorType: "ValidationError",
      message: expect.stringContaining("Invalid input: "),
    });
    expect(hasRun).toBe(false);
  });

  it("refuses a result that breaks the handler's own contract", async () => {
    const answer = await failure({ output: z.object({ n: z.number() }), run: () => ({ n: "1" }) });
    expect(answer).toMatchObject({
      errorType: "ValidationError",
      message: expect.stringContaining("Invalid result: /n"),
    });
  });

  it("takes a verdict returned as one thrown, and whatever is thrown as a failure", async () => {
    const verdict = snooze(5);
    expect(await run({ run: () => verdict })).toEqual({ kind: "threw", thrown: verdict });
    expect(await run({ run: () => Promise.reject("no error at all") })).toEqual({
      kind: "threw",
      thrown: "no error at all",
    });
  });
});

describe("AttemptContext", () => {
  it("tells of the attempt", () => {
    const { context } = setUp({});
    const { id, type, queue, attempt, leaseToken, metadata, contentName } = context;
    expect({ id, type, queue, attempt, leaseToken, metadata, contentName }).toEqual({
      id: claimed.id,
      type: "echo",
      queue: "bulk",
      attempt: 2,
      leaseToken: "1785000000000001",
      metadata: { user: "ada" },
      contentName: null,
    });
  });

  it.each(["[1]", "7", "{", "null"])("takes metadata of another program such as %s for none", (metadata) => {
    expect(setUp({}, { metadata }).context.metadata).toEqual({});
  });

  it("aborts with its reason, also when the signal is asked for later", () => {
    const { attempt, context } = setUp({});
    attempt.abort("drain");
    attempt.revoke("lease_lost");
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toMatchObject({ name: "AbortError", reason: "drain" });
    expect(attempt.isRevoked).toBe(true);
  });

  it("passes progress on as it is now, and nothing after the end", () => {
    const { attempt, context, reported } = setUp({});
    const value = { pages: 1 };
    context.progress(value);
    value.pages = 2;
    attempt.isOver = true;
    context.progress(value);
    expect(reported).toEqual(['{"pages":1}']);
  });

  it("refuses progress that can't be stored", () => {
    const { context } = setUp({});
    expect(() => context.progress(undefined)).toThrow(TypeError);
    expect(() => context.progress(1n)).toThrow(TypeError);
    expect(() => context.progress("x".repeat(maxProgressLength))).toThrow(RangeError);
  });
});
