import { describe, expect, it } from "vitest";
import { taskListQuerySchema, toTaskListQuery, toTaskPage } from "./task-list.ts";

describe("lists of tasks", () => {
  it("asks for the newest twenty by default", () => {
    expect(toTaskListQuery(taskListQuerySchema.parse({}), true)).toEqual({
      filter: {},
      sortBy: "created_at",
      sortOrder: "desc",
      position: { offset: 0 },
      limit: 20,
      withBodies: true,
    });
  });

  it("turns parameters into a filter, ignoring what it doesn't know", () => {
    const parameters = taskListQuerySchema.parse({
      status: "FAILED",
      task_type: "summarize",
      queue: "retry",
      start_date: "2026-01-30",
      end_date: "2026-01-31",
      task_id: " 019A ",
      page: "3",
      page_size: "50",
      unknown: "x",
    });
    const query = toTaskListQuery(parameters, false);
    expect(query.filter).toEqual({
      state: "FAILED",
      type: "summarize",
      queue: "retry",
      createdFrom: Date.UTC(2026, 0, 30),
      createdTo: Date.UTC(2026, 1, 1) - 1,
      idPrefix: "019a",
    });
    expect(query.position).toEqual({ offset: 100 });
    expect(query.limit).toBe(50);
  });

  it("goes by the cursor when there is one", () => {
    const parameters = taskListQuerySchema.parse({ cursor: "c", page: "9" });
    expect(toTaskListQuery(parameters, true).position).toEqual({ cursor: "c" });
  });

  it.each([
    { page: "0" },
    { page_size: "101" },
    { page_size: "x" },
    { status: "DONE" },
    { sort_by: "size" },
    { sort_order: "up" },
    { start_date: "soon" },
    { queue: "No Queue" },
  ])("refuses %j", (parameters) => {
    const [field] = Object.keys(parameters);
    const issues = taskListQuerySchema.safeParse(parameters).error?.issues ?? [];
    expect(issues.map(({ path }) => path[0])).toEqual([field]);
  });

  it("counts pages", () => {
    const parameters = taskListQuerySchema.parse({ page_size: "10", status: "DLQ" });
    const page = { tasks: [], total: 21, isTotalEstimate: true, nextCursor: "n" };
    expect(toTaskPage(page, parameters, (task) => task)).toEqual({
      tasks: [],
      page: 1,
      page_size: 10,
      total_items: 21,
      total_is_estimate: true,
      total_pages: 3,
      status: "DLQ",
      next_cursor: "n",
    });
  });
});
