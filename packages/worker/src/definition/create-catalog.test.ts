import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCatalog, servicesOf } from "./create-catalog.ts";
import { defineService } from "./define-service.ts";
import { defineTask } from "./define-task.ts";
import type { Schema } from "./schema.ts";
import type { ServiceDefinition } from "./service-definition.ts";

const text = z.string();
const define = (
  type: string,
  more: { queue?: string; concurrency?: number; services?: ServiceDefinition[] } = {},
) => defineTask({ type, input: text, output: text, run: (input) => input, ...more });

describe("createCatalog", () => {
  const pages = defineTask({
    type: "pages",
    description: "Counts pages",
    input: z.object({ "a/b": z.object({ n: z.number().min(1).default(2) }) }),
    output: z.object({ at: z.date(), pages: z.number() }),
    retry: { maxRetries: 7 },
    timeoutMs: 5000,
    run: () => ({ at: new Date(), pages: 1 }),
  });

  it("tells what a gateway may know", () => {
    const info = createCatalog([pages, define("echo")]).get("pages");
    expect(info).toMatchObject({
      type: "pages",
      queue: "pages",
      description: "Counts pages",
      takesFile: false,
      maxRetries: 7,
      timeoutMs: 5000,
    });
    expect(info).not.toHaveProperty("run");
  });

  it("lists all types in order, and knows no other", () => {
    const catalog = createCatalog([pages, define("echo")]);
    expect(catalog.list().map(({ type }) => type)).toEqual(["pages", "echo"]);
    expect(catalog.get("unknown")).toBeUndefined();
  });

  it("describes input and output in JSON Schema 2020-12; what has no JSON Schema accepts anything", () => {
    const info = createCatalog([pages]).get("pages");
    expect(info?.inputSchema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      properties: { "a/b": { properties: { n: { type: "number", minimum: 1, default: 2 } } } },
    });
    expect(info?.outputSchema).toMatchObject({ properties: { at: {}, pages: { type: "number" } } });
  });

  it("parses input as the worker will, and points at what is wrong", () => {
    const info = createCatalog([pages]).get("pages");
    expect(info?.parseInput({ "a/b": {} })).toEqual({ isValid: true, value: { "a/b": { n: 2 } } });
    const parsed = info?.parseInput({ "a/b": { n: 0 } });
    expect(parsed).toMatchObject({ isValid: false, issues: [{ pointer: "/a~1b/n" }] });
  });

  it("accepts schemas of any vendor that speaks Standard Schema", () => {
    const even: Schema<number> = {
      "~standard": {
        version: 1,
        vendor: "handmade",
        validate: (value) =>
          typeof value === "number" && value % 2 === 0 ? { value } : { issues: [{ message: "not even" }] },
      },
    };
    const info = createCatalog([defineTask({ type: "even", input: even, output: even, run: (n) => n })]).get(
      "even",
    );
    expect(info?.inputSchema).toEqual({});
    expect(info?.parseInput(3)).toEqual({ isValid: false, issues: [{ pointer: "", message: "not even" }] });
    expect(info?.parseInput(4)).toEqual({ isValid: true, value: 4 });
  });

  it("leaves an asynchronous schema to the worker", () => {
    const slow = text.refine(async (value) => value !== "bad");
    const info = createCatalog([defineTask({ type: "slow", input: slow, output: text, run: (t) => t })]).get(
      "slow",
    );
    expect(info?.parseInput("bad")).toEqual({ isValid: true, value: "bad" });
  });

  it("refuses a type defined twice", () => {
    expect(() => createCatalog([define("a"), define("a")])).toThrow('Task type "a" is defined twice.');
  });

  it("refuses what defineTask did not make", () => {
    const impostor = { ...define("a") };
    Reflect.deleteProperty(impostor, Symbol.for("workstream.task"));
    expect(() => createCatalog([impostor])).toThrow("must come from defineTask()");
  });

  it("refuses a type with its own concurrency on a queue with others", () => {
    const shared = [define("a", { queue: "q" }), define("b", { queue: "q", concurrency: 2 })];
    expect(() => createCatalog(shared)).toThrow(
      '"b" has a concurrency of its own, so it can\'t share queue "q" with "a"',
    );
    expect(() => createCatalog([define("a"), define("b", { concurrency: 2 })])).not.toThrow();
  });

  it("refuses two definitions of one service, and takes one that is shared", () => {
    const [one, other] = [defineService({ name: "model" }), defineService({ name: "model" })];
    expect(() =>
      createCatalog([define("a", { services: [one] }), define("b", { services: [other] })]),
    ).toThrow('Service "model" has two definitions');
    const sharing = [define("a", { services: [one] }), define("b", { services: [one] })];
    expect(servicesOf(sharing)).toEqual([one]);
  });
});
