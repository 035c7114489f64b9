/** OpenRouter, the service behind the models: its status, its calls by day, its credits. */
import {
  openRouterCreditsSchema,
  openRouterMetricsQuerySchema,
  openRouterMetricsSchema,
  openRouterName,
  openRouterStatusQuerySchema,
  openRouterStatusSchema,
  type ServiceInfo,
  toOpenRouterCredits,
  toOpenRouterMetrics,
  toOpenRouterStatus,
} from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import type { StatusAnswer } from "../service-status.ts";

const tags = ["OpenRouter"];
const nothingKnown: StatusAnswer = { state: null, isCached: true };

export const openRouterRoutes: RoutePlugin = async (app, { context }) => {
  const { guards, services: records } = context.stores;
  const info: ServiceInfo | null = context.services.get(openRouterName) ?? null;

  app.get(
    "/api/v1/openrouter/status",
    {
      schema: {
        tags,
        summary: "Whether OpenRouter can be called",
        description:
          "As it was found in the last minute. Up to 5 minutes old it is served while it is refreshed; older, the answer waits for that.",
        querystring: openRouterStatusQuerySchema,
        response: { 200: openRouterStatusSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query }) => {
      const [{ state, isCached }, view] = await Promise.all([
        info === null ? nothingKnown : context.status.read(info, { isForced: query.force_refresh }),
        guards.read(openRouterName),
      ]);
      const nowMs = context.storeNow();
      return toOpenRouterStatus({ known: state, isCached, view, info, nowMs });
    },
  );

  app.get(
    "/api/v1/openrouter/metrics",
    {
      schema: {
        tags,
        summary: "Calls, tokens and cost, by UTC day",
        querystring: openRouterMetricsQuerySchema,
        response: { 200: openRouterMetricsSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { days } }) => {
      return toOpenRouterMetrics(await records.metrics(openRouterName, days), days, context.storeNow());
    },
  );

  app.get(
    "/api/v1/openrouter/credits",
    {
      schema: {
        tags,
        summary: "What is left to spend, and how it went in the last 30 days",
        response: { 200: openRouterCreditsSchema, ...problems(...storeProblems) },
      },
    },
    async () => {
      const [known, history] = await Promise.all([
        records.readState(openRouterName),
        records.creditsHistory(openRouterName),
      ]);
      const thresholds = info?.creditThresholds ?? defaultThresholds;
      return toOpenRouterCredits({ known, thresholds, history }, context.storeNow());
    },
  );
};

/** Of a program without OpenRouter. */
const defaultThresholds = { warning: 10, critical: 5 };
