import { requeuedOrphansSchema } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";

export const requeueOrphanedRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.post(
    "/api/v1/tasks/requeue-orphaned",
    {
      schema: {
        tags: ["Managing tasks"],
        summary: "Put tasks back that are in no queue",
        description: "Tasks that are PENDING but in no queue, or ACTIVE with no live lease. Walks all tasks.",
        response: { 200: requeuedOrphansSchema, ...problems("unsupported_media_type", ...storeProblems) },
      },
    },
    async () => {
      const result = await tasks.requeueOrphaned();
      const message =
        result.found === 0
          ? "No task was orphaned."
          : `${result.requeued} of ${result.found} orphaned tasks requeued.`;
      return { ...result, message };
    },
  );
};
