/** Guarded services: how they are, and their limits. */
import {
  guardedServiceSchema,
  openRouterMetricsQuerySchema,
  openRouterMetricsSchema,
  openRouterStatusQuerySchema,
  rateLimitRequestSchema,
  serviceDetailSchema,
  servicesSchema,
  statusOf,
  toInstant,
  toOpenRouterMetrics,
  toRateLimit,
  toServiceDetail,
} from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { findService, listServices } from "../service-views.ts";

const tags = ["Services"];
const serviceParams = z.object({ service: z.string() });

export const serviceRoutes: RoutePlugin = async (app, { context }) => {
  const { guards, services: records } = context.stores;
  const parts = { guards, directory: context.services };

  app.get(
    "/api/v1/services",
    {
      schema: {
        tags,
        summary: "The services that tasks call, each with its breaker and its limiter",
        response: { 200: servicesSchema, ...problems(...storeProblems) },
      },
    },
    async () => ({ services: await listServices(parts), timestamp: toInstant(Date.now()) }),
  );

  app.get(
    "/api/v1/services/:service",
    {
      schema: {
        tags,
        summary: "One service, with what is known of it and its credits",
        params: serviceParams,
        querystring: openRouterStatusQuerySchema,
        response: {
          200: serviceDetailSchema,
          ...problems("unknown_service", "invalid_input", ...storeProblems),
        },
      },
    },
    async ({ params, query }) => {
      const { info, view, guarded } = await findService(parts, params.service);
      const reading = info?.check
        ? context.status.read(info, { isForced: query.force_refresh }).then(({ state }) => state)
        : records.readState(params.service);
      const [known, history] = await Promise.all([reading, records.creditsHistory(params.service)]);
      const said = statusOf(known, view, context.storeNow());
      return toServiceDetail(guarded, { known, said, history });
    },
  );

  app.get(
    "/api/v1/services/:service/metrics",
    {
      schema: {
        tags,
        summary: "Calls of one service, tokens and cost, by UTC day",
        params: serviceParams,
        querystring: openRouterMetricsQuerySchema,
        response: {
          200: openRouterMetricsSchema,
          ...problems("unknown_service", "invalid_input", ...storeProblems),
        },
      },
    },
    async ({ params, query: { days } }) => {
      await findService(parts, params.service);
      return toOpenRouterMetrics(await records.metrics(params.service, days), days, context.storeNow());
    },
  );

  app.put(
    "/api/v1/services/:service/rate-limit",
    {
      schema: {
        tags,
        summary: "Change a service's limit for the whole fleet, from the next call on",
        description: "It stays in force until it is changed again, or the configured limit is.",
        params: serviceParams,
        body: rateLimitRequestSchema,
        response: {
          200: guardedServiceSchema,
          ...problems("unknown_service", "invalid_input", "unsupported_media_type", ...storeProblems),
        },
      },
    },
    async ({ params, body }) => {
      await findService(parts, params.service);
      await guards.changeLimit(params.service, toRateLimit(body));
      return (await findService(parts, params.service)).guarded;
    },
  );
};
