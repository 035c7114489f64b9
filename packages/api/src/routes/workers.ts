import { toWorkerFleet, workerFleetSchema } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";

export const workerRoutes: RoutePlugin = async (app, { context }) => {
  app.get(
    "/api/v1/workers",
    {
      schema: {
        tags: ["Workers"],
        summary: "The fleet: every worker seen in the last hour",
        response: { 200: workerFleetSchema, ...problems(...storeProblems) },
      },
    },
    async () => toWorkerFleet(await context.stores.workers.list(), Date.now()),
  );
};
