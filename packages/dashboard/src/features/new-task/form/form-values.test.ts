import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type FormField, formModel } from "./form-model.ts";
import { emptyValue, type FormValue, fromInput, toInput } from "./form-values.ts";

/** As the gateway publishes it. */
function modelOf(schema: z.ZodType): FormField {
  return formModel(z.toJSONSchema(schema, { io: "input" }));
}

function fieldOf(model: FormField, name: string): FormField {
  const field =
    model.kind === "group" ? model.fields.find((candidate) => candidate.name === name) : undefined;
  if (!field) throw new Error(`no field ${name}`);
  return field;
}

const report = z.object({
  title: z.string().min(1).max(120).describe("Stands at the top"),
  body: z.string().max(20_000).optional(),
  pages: z.int().min(1).max(50).default(5),
  ratio: z.number().min(0).max(1).optional(),
  isDraft: z.boolean().default(false),
  format: z.enum(["pdf", "html"]).default("pdf"),
  to: z.email().optional(),
  due: z.iso.date().optional(),
  tags: z.array(z.string()).optional(),
  author: z.object({ name: z.string().min(1), url: z.url().optional() }),
  level: z.union([z.literal(1), z.literal(2)]).optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
});

describe("formModel", () => {
  const model = modelOf(report);

  it.each([
    [
      "title",
      { kind: "text", isLong: false, minLength: 1, isRequired: true, description: "Stands at the top" },
    ],
    ["body", { kind: "text", isLong: true, isRequired: false }],
    ["pages", { kind: "number", isInteger: true, min: 1, max: 50, isRequired: false, fallback: 5 }],
    ["ratio", { kind: "number", isInteger: false, min: 0, max: 1 }],
    ["isDraft", { kind: "boolean", label: "Is draft", fallback: false }],
    ["format", { kind: "choice", fallback: "pdf" }],
    ["to", { kind: "text", input: "email", isLong: false }],
    ["due", { kind: "text", input: "date" }],
    ["tags", { kind: "list", item: { kind: "text" } }],
    ["author", { kind: "group", isRequired: true }],
    [
      "level",
      {
        kind: "choice",
        options: [
          { value: 1, label: "1" },
          { value: 2, label: "2" },
        ],
      },
    ],
    ["extra", { kind: "json" }],
  ])("knows %s", (name, expected) => {
    expect(fieldOf(model, name)).toMatchObject(expected);
  });

  it("takes no bounds from what a computer can count to", () => {
    expect(modelOf(z.int())).toMatchObject({ kind: "number", min: null, max: null });
  });

  it("takes several constants in one literal as a choice", () => {
    expect(modelOf(z.literal(["a", "b"]))).toMatchObject({ kind: "choice" });
  });

  it.each([
    ["a union of shapes", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    ["a union of kinds", z.union([z.string(), z.number()])],
    ["a list of objects", z.array(z.object({ a: z.string() }))],
    ["a loose object", z.looseObject({ a: z.string() })],
    ["anything", z.unknown()],
  ])("leaves %s to JSON", (_, schema) => {
    expect(modelOf(schema)).toMatchObject({ kind: "json" });
  });
});

describe("toInput", () => {
  const model = modelOf(report);
  const filled = (values: Record<string, FormValue>): FormValue => ({
    ...(emptyValue(model) as Record<string, FormValue>),
    title: "Bees",
    author: { name: "Ada", url: "" },
    ...values,
  });

  it("makes what the schema accepts, and leaves out what is left empty", () => {
    const { input, faults } = toInput(model, filled({ tags: ["a", "b"], ratio: "0.5", level: "1" }));
    expect(faults).toEqual([]);
    expect(input).toEqual({
      title: "Bees",
      pages: 5,
      ratio: 0.5,
      isDraft: false,
      format: "pdf",
      tags: ["a", "b"],
      author: { name: "Ada" },
      level: 2,
    });
    expect(report.safeParse(input).success).toBe(true);
  });

  it.each([
    ["an empty title", { title: "" }, "/title", "It is required."],
    ["no number", { pages: "many" }, "/pages", "It must be a number."],
    ["half a page", { pages: "1.5" }, "/pages", "It must be a whole number."],
    ["too many pages", { pages: "51" }, "/pages", "It must be 50 or less."],
    ["an author without a name", { author: { name: "", url: "" } }, "/author/name", "It is required."],
    ["what is no JSON", { extra: "{" }, "/extra", "This is no JSON"],
  ])("points at %s", (_, values, pointer, detail) => {
    const { faults } = toInput(model, filled(values));
    expect(faults).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
  });

  it("points into lists", () => {
    const scores = modelOf(z.object({ scores: z.array(z.number()).max(2) }));
    const { faults } = toInput(scores, { scores: ["1", "x", "3"] });
    expect(faults.map(({ pointer }) => pointer)).toEqual(["/scores", "/scores/1"]);
  });

  it("escapes names in pointers", () => {
    const odd = modelOf(z.object({ "a/b~c": z.number() }));
    expect(toInput(odd, { "a/b~c": "x" }).faults[0]?.pointer).toBe("/a~1b~0c");
  });

  it("asks for a choice that must be made, and takes null where it is one", () => {
    const choice = modelOf(z.object({ of: z.literal(["a", null]) }));
    expect(toInput(choice, { of: "" }).faults).toEqual([{ pointer: "/of", detail: "It is required." }]);
    expect(toInput(choice, { of: "1" })).toEqual({ input: { of: null }, faults: [] });
  });

  it("leaves out a group that nobody touched, though some of it would be required", () => {
    const optional = modelOf(z.object({ author: z.object({ name: z.string().min(1) }).optional() }));
    expect(toInput(optional, emptyValue(optional))).toEqual({ input: {}, faults: [] });
    expect(toInput(optional, { author: { name: "Ada" } }).input).toEqual({ author: { name: "Ada" } });
  });

  it("makes null of what may be null and is left empty", () => {
    const nullable = modelOf(z.object({ due: z.iso.date().nullable(), note: z.string().nullish() }));
    expect(toInput(nullable, emptyValue(nullable))).toEqual({ input: { due: null }, faults: [] });
    expect(fromInput(nullable, { due: null, note: null })).toEqual({ due: "", note: "" });
    expect(toInput(nullable, { due: "2026-03-01", note: "" }).input).toEqual({ due: "2026-03-01" });
  });

  it("takes an input that is one text", () => {
    const text = modelOf(z.string().min(1));
    expect(toInput(text, "Bees fly.")).toEqual({ input: "Bees fly.", faults: [] });
    expect(toInput(text, "").faults).toEqual([{ pointer: "", detail: "It is required." }]);
  });
});

describe("fromInput", () => {
  const model = modelOf(report);

  it("brings back the same input", () => {
    const input = {
      title: "Bees",
      body: "Long\ntext",
      pages: 7,
      isDraft: true,
      format: "html",
      tags: ["a"],
      author: { name: "Ada", url: "https://example.org" },
      level: 1,
      extra: { deep: [1] },
    };
    const values = fromInput(model, input);
    expect(values).not.toBeNull();
    expect(toInput(model, values ?? "")).toEqual({ input, faults: [] });
  });

  it.each([
    ["a field that the form does not have", { title: "a", unknown: 1 }],
    ["a value of another kind", { title: 1 }],
    ["a choice that is none", { format: "docx" }],
    ["no object at all", "text"],
  ])("can't hold %s", (_, input) => {
    expect(fromInput(model, input)).toBeNull();
  });

  it("brings an instant into this zone and back", () => {
    const when = modelOf(z.object({ at: z.iso.datetime() }));
    const values = fromInput(when, { at: "2026-03-01T09:30:00Z" });
    expect(toInput(when, values ?? "").input).toEqual({ at: "2026-03-01T09:30:00.000Z" });
  });
});
