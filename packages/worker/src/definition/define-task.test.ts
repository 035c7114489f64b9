import { retrySchedules } from "@workstream/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { defineService } from "./define-service.ts";
import { defineTask, type TaskOptions } from "./define-task.ts";
import type { TaskContext } from "./task-context.ts";
import { isTaskDefinition, type TaskDefinition } from "./task-definition.ts";

const text = z.string();
const echo = { type: "echo", input: text, output: text, run: (input: string) => input };

describe("defineTask", () => {
  it("infers what run gets and may return", () => {
    const definition = defineTask({
      type: "count-words",
      input: z.object({ text: z.string(), least: z.coerce.number().default(3) }),
      output: z.object({ words: z.number() }),
      run(input, context) {
        expectTypeOf(input).toEqualTypeOf<{ text: string; least: number }>();
        expectTypeOf(context).toEqualTypeOf<TaskContext>();
        return { words: input.text.split(" ").length };
      },
    });
    expectTypeOf(definition.run).parameter(0).toEqualTypeOf<{ text: string; least: number }>();
    expectTypeOf(definition).toExtend<TaskDefinition>();
    expect(definition.type).toBe("count-words");
  });

  it("refuses a result of another type at compile time", () => {
    const run = () => 1;
    // @ts-expect-error: the output schema wants text
    const options: TaskOptions<typeof text, typeof text> = { type: "a", input: text, output: text, run };
    expect(options.type).toBe("a");
  });

  it("puts a type on the queue of its own name, unless it says otherwise", () => {
    expect(defineTask(echo).queue).toBe("echo");
    expect(defineTask({ ...echo, type: "page_count" }).queue).toBe("page-count");
    expect(defineTask({ ...echo, queue: "primary" }).queue).toBe("primary");
  });

  it("fills in the defaults", () => {
    expect(defineTask(echo)).toMatchObject({
      description: "",
      retry: { maxRetries: null, schedules: retrySchedules, deadLetter: true },
      timeoutMs: 600_000,
      concurrency: null,
      takesFile: false,
      services: [],
      runsWithoutServices: false,
      cache: null,
    });
  });

  it("takes the services that it names, and what its results are kept by", () => {
    const model = defineService({ name: "model" });
    const key = (input: string) => input;
    const definition = defineTask({ ...echo, services: [model], cache: { ttlMs: 1000, key } });
    expect(definition.services).toEqual([model]);
    expect(definition.cache).toEqual({ ttlMs: 1000, key, keeps: null });
  });

  it("changes only the schedules that are named", () => {
    const { retry } = defineTask({ ...echo, retry: { schedules: { RateLimitError: [1, 2] } } });
    expect(retry.schedules.RateLimitError).toEqual([1, 2]);
    expect(retry.schedules.Default).toEqual(retrySchedules.Default);
  });

  it.each([
    [{ type: "No Spaces" }, /type must match/],
    [{ type: "" }, /type must match/],
    [
      { type: "bulk" },
      /type must not be batch, bulk or requeue-orphaned: their paths under \/api\/v1\/tasks/,
    ],
    [{ type: "retry" }, /queue "retry" must match .* not be retry, scheduled, dlq, status/],
    [{ queue: "dlq" }, /queue "dlq"/],
    [{ queue: "Primary" }, /queue "Primary"/],
    [{ input: {} }, /input must be a schema/],
    [{ output: null }, /output must be a schema/],
    [{ run: "later" }, /run must be a function/],
    [{ timeoutMs: 0 }, /timeoutMs must be/],
    [{ timeoutMs: 1.5 }, /timeoutMs must be/],
    [{ concurrency: 0 }, /concurrency must be/],
    [{ services: [{ name: "model" }] }, /services must be a list of what defineService\(\) made/],
    [
      { services: [defineService({ name: "m" }), defineService({ name: "m" })] },
      /not name one service twice/,
    ],
    [{ cache: { ttlMs: 0 } }, /cache.ttlMs must be a whole number from 1/],
    [{ cache: { ttlMs: 1, key: "id" } }, /cache.key must be a function/],
    [{ cache: { ttlMs: 1, keeps: true } }, /cache.keeps must be a function/],
    [{ cache: { ttlMs: 1 }, takesFile: true }, /cache.key is needed/],
    [{ retry: { maxRetries: -1 } }, /retry.maxRetries must be/],
    [{ retry: { schedules: { Timeout: [1] } } }, /retry.schedules.Timeout is not one of .*NetworkTimeout/],
    [{ retry: { schedules: { Default: [-1] } } }, /retry.schedules.Default must be a list of seconds/],
  ])("refuses %j", (fault, message) => {
    const options = { ...echo, ...fault } as unknown as typeof echo;
    expect(() => defineTask(options)).toThrow(message);
    expect(() => defineTask(options)).toThrow(TypeError);
  });
});

describe("isTaskDefinition", () => {
  it("knows a definition by its brand, whoever made it", () => {
    expect(isTaskDefinition(defineTask(echo))).toBe(true);
    expect(isTaskDefinition({ [Symbol.for("workstream.task")]: true })).toBe(true);
  });

  it.each([null, undefined, "echo", echo, () => {}])("takes %s for something else", (value) => {
    expect(isTaskDefinition(value)).toBe(false);
  });
});
