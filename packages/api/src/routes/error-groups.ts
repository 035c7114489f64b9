import { errorGroupsQuerySchema, errorGroupsSchema, toErrorGroups } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";

export const errorGroupRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.get(
    "/api/v1/queues/dlq/groups",
    {
      schema: {
        tags: ["Queues"],
        summary: "Dead letters by cause, the group that grew last first",
        description:
          "A group has one task type, one error type and one message, less its numbers, names and addresses. Dead letters that no " +
          "group was found for yet are the group `unknown`.",
        querystring: errorGroupsQuerySchema,
        response: { 200: errorGroupsSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { limit } }) => toErrorGroups(await tasks.deadLetterGroups(limit), context.storeNow()),
  );
};
