import {
  aliveSchema,
  type GatewayHealth,
  gatewayHealthSchema,
  readySchema,
  toInstant,
  WorkstreamError,
} from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { withDeadline } from "../deadline.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { gatewayHealth } from "../gateway-health.ts";

const tags = ["Health"];
/** /health answers within 2 s, also when the store hangs. */
const probeDeadlineMs = 1_500;

export const healthRoutes: RoutePlugin = async (app, { context }) => {
  const { stores } = context;

  app.get(
    "/live",
    {
      config: { isOpen: true },
      schema: { tags, summary: "The process answers", response: { 200: aliveSchema, ...problems() } },
    },
    async () => ({ status: "alive" as const, timestamp: toInstant(Date.now()) }),
  );

  app.get(
    "/ready",
    {
      config: { isOpen: true },
      schema: {
        tags,
        summary: "The store answers, so tasks can be accepted",
        response: { 200: readySchema, ...problems(...storeProblems) },
      },
    },
    async () => {
      const { isConnected, kind } = await stores.probe.check(probeDeadlineMs);
      if (isConnected) return { status: "ready" as const };
      const name = kind === "redis" ? "Redis" : "The embedded store";
      throw new WorkstreamError("store_unavailable", `${name} does not answer.`);
    },
  );

  app.get(
    "/health",
    {
      config: { isOpen: true },
      schema: {
        tags,
        summary: "How gateway, store and fleet are",
        description:
          "Always 200; `status` and `note` tell. No key is needed; without one the note says no more than that there is one.",
        response: { 200: gatewayHealthSchema, ...problems() },
      },
    },
    async ({ isTrusted }) => {
      const [store, workers, status] = await Promise.all([
        stores.probe.check(probeDeadlineMs),
        withDeadline(stores.workers.list(), probeDeadlineMs, null),
        withDeadline(stores.tasks.status(), probeDeadlineMs, null),
      ]);
      const health = gatewayHealth(store, { workers, waiting: status?.queues ?? null }, Date.now());
      return isTrusted ? health : withoutDetails(health);
    },
  );
};

/** Notes name workers, queues and settings of the store. */
function withoutDetails(health: GatewayHealth): GatewayHealth {
  return { ...health, note: health.note === null ? null : "Send a key to be told more." };
}
