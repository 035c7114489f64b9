import {
  latencySchema,
  metricsQuerySchema,
  throughputSchema,
  toLatency,
  toThroughput,
} from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";

const tags = ["Metrics"];

/** Charts, a point a minute. */
export const metricsRoutes: RoutePlugin = async (app, { context }) => {
  const { metrics } = context.stores;

  app.get(
    "/api/v1/tasks/metrics/throughput",
    {
      schema: {
        tags,
        summary: "Tasks created, completed and failed, by the minute",
        querystring: metricsQuerySchema,
        response: { 200: throughputSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { minutes } }) => toThroughput(await metrics.throughput(minutes), minutes, Date.now()),
  );

  app.get(
    "/api/v1/tasks/metrics/latency",
    {
      schema: {
        tags,
        summary: "How long tasks took, by the minute in which they completed",
        description: "Seconds from created_at to completed_at; `wait_` and `run_` are its two parts.",
        querystring: metricsQuerySchema,
        response: { 200: latencySchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { minutes } }) => toLatency(await metrics.latency(minutes), minutes, Date.now()),
  );
};
