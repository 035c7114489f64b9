import { toWorkerFleet, workerFleetSchema } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { listServices } from "../service-views.ts";

export const workerRoutes: RoutePlugin = async (app, { context }) => {
  const { workers, guards } = context.stores;

  app.get(
    "/api/v1/workers",
    {
      schema: {
        tags: ["Workers"],
        summary: "The fleet: every worker seen in the last hour, and the services that it calls",
        description:
          "Breakers are shared by the fleet: every worker's circuit_breaker is that of openrouter. Others are in services.",
        response: { 200: workerFleetSchema, ...problems(...storeProblems) },
      },
    },
    async () => {
      const [fleet, services] = await Promise.all([
        workers.list(),
        listServices({ guards, directory: context.services }),
      ]);
      return toWorkerFleet(fleet, services, Date.now());
    },
  );
};
