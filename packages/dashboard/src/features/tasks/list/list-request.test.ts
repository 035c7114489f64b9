import { describe, expect, it } from "vitest";
import {
  anchoredFilter,
  isFixedByCreation,
  isInOwnOrder,
  type ListRequest,
  newerFilter,
  toListFilter,
  toQuery,
} from "./list-request.ts";

const clock = { nowMs: Date.parse("2026-03-10T12:00:00Z"), timeZone: "UTC" };
const request = (text: ListRequest["filter"], key: "created" | "updated" = "created"): ListRequest => ({
  filter: text,
  sorting: { key, isAscending: false },
});
const anchor = "2026-03-10T11:00:00.000Z";

describe("toListFilter", () => {
  it("says it in the gateway's words, and nothing that was not asked", () => {
    expect(toListFilter({ status: "DLQ", error: "Expired", id: "019f", created: "24h" }, clock)).toEqual({
      status: "DLQ",
      error_type: "Expired",
      task_id: "019f",
      start_date: "2026-03-09T12:00:00.000Z",
    });
    expect(toListFilter({}, clock)).toEqual({});
  });
});

describe("toQuery", () => {
  it("names the order", () => {
    expect(toQuery({ filter: { queue: "q" }, sorting: { key: "updated", isAscending: true } })).toEqual({
      queue: "q",
      sort_by: "updated_at",
      sort_order: "asc",
    });
  });
});

describe("a list that creation alone decides on", () => {
  it.each<[ListRequest, boolean]>([
    [request({}), true],
    [request({ task_type: "t", queue: "geocode" }), true],
    [request({ queue: "dlq" }), false],
    [request({ status: "ACTIVE" }), false],
    [request({ error_type: "Expired" }), false],
    [request({}, "updated"), false],
  ])("%j: %s", (value, isFixed) => {
    expect(isFixedByCreation(value)).toBe(isFixed);
  });

  it("is held still by its newest task", () => {
    expect(anchoredFilter(request({}), anchor)).toEqual({ end_date: anchor });
    expect(anchoredFilter(request({ end_date: "2026-03-01T00:00:00.000Z" }), anchor)).toEqual({
      end_date: "2026-03-01T00:00:00.000Z",
    });
    expect(anchoredFilter(request({ status: "DLQ" }), anchor)).toEqual({ status: "DLQ" });
  });

  it("looks for what came after that", () => {
    expect(newerFilter(request({ task_type: "t" }), anchor)).toEqual({
      task_type: "t",
      start_date: "2026-03-10T11:00:00.001Z",
    });
    expect(newerFilter(request({ end_date: "2026-03-01T00:00:00.000Z" }), anchor)).toBeNull();
  });
});

describe("isInOwnOrder", () => {
  it.each<[ListRequest, boolean]>([
    [request({ status: "DLQ" }), true],
    [request({ queue: "retry" }), true],
    [request({ queue: "geocode" }), false],
    [request({ status: "COMPLETED" }, "updated"), false],
  ])("%j: %s", (value, isOwn) => {
    expect(isInOwnOrder(value)).toBe(isOwn);
  });
});
