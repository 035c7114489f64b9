import { poolStatsSchema, storeHealthSchema, toPoolStats, toStoreHealth } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { withDeadline } from "../deadline.ts";
import { problems } from "../documented-problems.ts";

const tags = ["Store"];
const deadlineMs = 2_000;

/** The paths say Redis; they answer for the embedded store too, and say so. */
export const storeHealthRoutes: RoutePlugin = async (app, { context }) => {
  const { probe } = context.stores;

  app.get(
    "/api/v1/redis/health",
    {
      schema: {
        tags,
        summary: "Whether the store answers",
        response: { 200: storeHealthSchema, ...problems() },
      },
    },
    async () => toStoreHealth(await probe.check(deadlineMs), Date.now()),
  );

  app.get(
    "/api/v1/redis/pool-stats",
    {
      schema: { tags, summary: "The store's connections", response: { 200: poolStatsSchema, ...problems() } },
    },
    async () => {
      const [health, stats] = await Promise.all([
        probe.check(deadlineMs),
        withDeadline(probe.connectionStats(), deadlineMs, null),
      ]);
      return toPoolStats(health, health.isConnected ? stats : null);
    },
  );
};
