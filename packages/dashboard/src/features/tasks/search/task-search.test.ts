import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createdSpan } from "./created-span.ts";
import { searchTokens } from "./search-tokens.ts";
import { errorNames, formatTaskSearch, parseTaskSearch, stateNames, type TaskSearch } from "./task-search.ts";

const id = "019f1c2a-7a4e-7c21-9d10-0123456789ab";

describe("parseTaskSearch", () => {
  it.each<[string, TaskSearch]>([
    ["", {}],
    ["   ", {}],
    ["status:dlq", { status: "DLQ" }],
    ["STATUS:Pending", { status: "PENDING" }],
    ["type:summarize queue:primary", { type: "summarize", queue: "primary" }],
    ["error:networktimeout", { error: "NetworkTimeout" }],
    ['group:"a b\\"c"', { group: 'a b"c' }],
    [`id:${id}`, { id }],
    [id, { id }],
    ["019f", { id: "019f" }],
    ["id:order-7", { id: "order-7" }],
    ["created:24h", { created: "24h" }],
    ["created:2026-01-31T12:30Z", { created: "2026-01-31t12:30z" }],
  ])("reads %j", (text, filter) => {
    expect(parseTaskSearch(text)).toEqual({ filter, problems: [] });
  });

  it.each<[string, string, string | undefined]>([
    ["stat:dlq", "can't be searched", "status:dlq"],
    ["xyz:1", "can't be searched", undefined],
    ["status:faild", "is no state", "status:failed"],
    ['type:"a"B', "can't be the name of a type", "type:ab"],
    ["status:", "needs a value", undefined],
    ["error:Network", "is no kind of error", "error:NetworkTimeout"],
    ["type:Summarize", "can't be the name of a type", "type:summarize"],
    ["created:2026-02-31", "is no time", undefined],
    ["created:2026-02-03..2026-02-01", "is no time", undefined],
    ["summarize", "looks like no id", "type:summarize"],
    ["pending", "Write a state as status:", "status:pending"],
    ['type:"a', "quote is not closed", 'type:"a"'],
    ["-status:dlq", "can't be searched", undefined],
  ])("says what is wrong with %j", (text, message, remedy) => {
    const { filter, problems } = parseTaskSearch(text);
    expect(filter).toEqual({});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ token: text, start: 0, end: text.length });
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.remedy).toBe(remedy);
  });

  it("keeps the first of two, and says so", () => {
    const { filter, problems } = parseTaskSearch("status:dlq status:failed");
    expect(filter).toEqual({ status: "DLQ" });
    expect(problems.map(({ token }) => token)).toEqual(["status:failed"]);
  });

  it("drops nothing silently: every word is in the filter or a problem", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const { filter, problems } = parseTaskSearch(text);
        expect(Object.keys(filter).length + problems.length).toBe(searchTokens(text).length);
      }),
    );
  });

  it("covers the text with its words, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const rest = searchTokens(text).reduceRight(
          (left, { start, end }) => left.slice(0, start) + left.slice(end),
          text,
        );
        expect(rest.trim()).toBe("");
      }),
    );
  });
});

const filters: fc.Arbitrary<TaskSearch> = fc.record(
  {
    status: fc.constantFrom(...stateNames),
    type: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/),
    queue: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    error: fc.constantFrom(...errorNames),
    group: fc.string({ minLength: 1, maxLength: 100 }),
    id: fc.string({ minLength: 1, maxLength: 200 }),
    created: fc.constantFrom(
      "24h",
      "today",
      "2026-01-31",
      ">=2026-01-31",
      "2026-01-01..2026-01-31",
      "..2026-02-01",
    ),
  },
  { requiredKeys: [] },
);

describe("formatTaskSearch", () => {
  it("is the inverse of parseTaskSearch", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseTaskSearch(formatTaskSearch(filter))).toEqual({ filter, problems: [] });
      }),
    );
  });
});

describe("createdSpan", () => {
  const nowMs = Date.parse("2026-03-10T15:30:00Z");
  const berlin = { nowMs, timeZone: "Europe/Berlin" };

  it.each([
    ["24h", "2026-03-09T15:30:00.000Z", undefined],
    ["today", "2026-03-09T23:00:00.000Z", "2026-03-10T22:59:59.999Z"],
    ["yesterday", "2026-03-08T23:00:00.000Z", "2026-03-09T22:59:59.999Z"],
    ["2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z"],
    [">2026-01-31", "2026-01-31T23:00:00.000Z", undefined],
    [">=2026-01-31", "2026-01-30T23:00:00.000Z", undefined],
    ["<2026-01-31", undefined, "2026-01-30T22:59:59.999Z"],
    ["<=2026-01-31", undefined, "2026-01-31T22:59:59.999Z"],
    ["2026-01-01..2026-01-31", "2025-12-31T23:00:00.000Z", "2026-01-31T22:59:59.999Z"],
    ["2026-01-01..", "2025-12-31T23:00:00.000Z", undefined],
    [">2026-01-31T12:00Z", "2026-01-31T12:00:00.001Z", undefined],
    [">=2026-01-31t12:00", "2026-01-31T11:00:00.000Z", undefined],
  ])("reads %s in Berlin", (text, from, to) => {
    const span = createdSpan(text, berlin);
    expect(span?.fromMs && new Date(span.fromMs).toISOString()).toBe(from);
    expect(span?.toMs && new Date(span.toMs).toISOString()).toBe(to);
  });

  it.each(["", "..", "soon", "2026-13-01", "2026-01-01..x", "1..2..3", ">", "24y"])("refuses %j", (text) => {
    expect(createdSpan(text, berlin)).toBeNull();
  });
});
