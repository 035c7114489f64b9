/** Lists of tasks: the query and the page. */
import { z } from "zod";
import type { TaskFilter, TaskListQuery, TaskPage } from "../ports/reading.ts";
import { errorTypes } from "../retry-policy.ts";
import type { Task } from "../task.ts";
import { queueNamePattern, taskTypePattern } from "../task-names.ts";
import { taskStates } from "../task-state.ts";
import { queryInteger } from "./query-value.ts";
import { taskDetailSchema, taskSummarySchema } from "./task-detail.ts";
import { instantEndInputSchema, instantInputSchema } from "./wire-instant.ts";

export const maxPageSize = 100;
export const defaultPageSize = 20;

/** Which tasks: in the query of a list, and in the filter of a bulk operation. */
export const taskFilterShape = {
  status: z.enum(taskStates).optional(),
  task_type: z.string().regex(taskTypePattern).optional(),
  queue: z.string().regex(queueNamePattern).optional().meta({
    description: "retry, scheduled and dlq: where it stands now; any other name: the queue it belongs to",
  }),
  start_date: instantInputSchema.optional().describe("Created at or after"),
  end_date: instantEndInputSchema.optional().describe("Created at or before; a bare date includes its day"),
  task_id: z.string().max(200).optional().describe("A whole id or its beginning"),
  error_type: z.enum(errorTypes).optional(),
  error_group: z
    .string()
    .max(100)
    .optional()
    .describe("Dead letters of this group, from GET /queues/dlq/groups"),
};

export const taskListQuerySchema = z.object({
  ...taskFilterShape,
  sort_by: z.enum(["created_at", "updated_at", "completed_at"]).default("created_at"),
  sort_order: z.enum(["asc", "desc"]).default("desc"),
  page: queryInteger(1, 1_000_000_000).default(1),
  page_size: queryInteger(1, maxPageSize).default(defaultPageSize),
  cursor: z.string().max(1_000).optional().describe("next_cursor of an earlier page; then page is ignored"),
});
export type TaskListParameters = z.output<typeof taskListQuerySchema>;
/** As a client writes it. */
export type TaskListRequest = z.input<typeof taskListQuerySchema>;

function pageOf<T extends z.ZodType>(task: T) {
  return z.object({
    tasks: z.array(task),
    page: z.int(),
    page_size: z.int(),
    total_items: z.int(),
    total_is_estimate: z.boolean().meta({
      description: "total_items is a lower bound: a combination of filters walks a bounded number of tasks",
    }),
    total_pages: z.int(),
    status: z.enum(taskStates).nullable(),
    next_cursor: z.string().nullable(),
  });
}

export const taskDetailPageSchema = pageOf(taskDetailSchema);
export type TaskDetailPage = z.infer<typeof taskDetailPageSchema>;
export const taskSummaryPageSchema = pageOf(taskSummarySchema);
export type TaskSummaryPage = z.infer<typeof taskSummaryPageSchema>;

export function toTaskListQuery(parameters: TaskListParameters, withBodies: boolean): TaskListQuery {
  const { cursor, page, page_size: limit } = parameters;
  return {
    filter: toTaskFilter(parameters),
    sortBy: parameters.sort_by,
    sortOrder: parameters.sort_order,
    position: cursor === undefined ? { offset: (page - 1) * limit } : { cursor },
    limit,
    withBodies,
  };
}

type FilterParameters = Pick<
  TaskListParameters,
  "status" | "task_type" | "queue" | "start_date" | "end_date" | "task_id" | "error_type" | "error_group"
>;

export function toTaskFilter(parameters: FilterParameters): TaskFilter {
  const { status, task_type, queue, start_date, end_date, task_id, error_type, error_group } = parameters;
  return {
    ...(status !== undefined && { state: status }),
    ...(task_type !== undefined && { type: task_type }),
    ...(queue !== undefined && { queue }),
    ...(start_date !== undefined && { createdFrom: start_date }),
    ...(end_date !== undefined && { createdTo: end_date }),
    ...(task_id !== undefined && { idPrefix: task_id.trim().toLowerCase() }),
    ...(error_type !== undefined && { errorType: error_type }),
    ...(error_group !== undefined && { errorGroup: error_group }),
  };
}

/** `convert` is toTaskDetail or toTaskSummary. */
export function toTaskPage<T>(page: TaskPage, parameters: TaskListParameters, convert: (task: Task) => T) {
  return {
    tasks: page.tasks.map(convert),
    page: parameters.page,
    page_size: parameters.page_size,
    total_items: page.total,
    total_is_estimate: page.isTotalEstimate,
    total_pages: Math.ceil(page.total / parameters.page_size),
    status: parameters.status ?? null,
    next_cursor: page.nextCursor,
  };
}
