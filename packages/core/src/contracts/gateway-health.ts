/** Whether the gateway, its store and the fleet are well. */
import { z } from "zod";
import type { ConnectionStats, StoreHealth } from "../ports/store-health.ts";
import { instantSchema, toInstant } from "./wire-instant.ts";

const storeKind = z.enum(["redis", "sqlite"]);

export const gatewaySchema = z.object({
  name: z.string(),
  message: z.string(),
  version: z.string(),
  docs: z.string(),
  health: z.string(),
  dashboard: z.string().nullable(),
});
export type Gateway = z.infer<typeof gatewaySchema>;

export const aliveSchema = z.object({ status: z.literal("alive"), timestamp: instantSchema });
export const readySchema = z.object({ status: z.literal("ready") });

export const gatewayHealthSchema = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  components: z.object({
    redis: z.boolean().meta({ description: "The store answers, whichever it is" }),
    workers: z.boolean().meta({ description: "At least one worker is alive" }),
    store: storeKind,
  }),
  note: z.string().nullable(),
  timestamp: instantSchema,
});
export type GatewayHealth = z.infer<typeof gatewayHealthSchema>;

export const storeHealthSchema = z.object({
  status: z.enum(["healthy", "unhealthy"]),
  connected: z.boolean(),
  response_time_ms: z.number().nullable(),
  timestamp: instantSchema,
  store: storeKind,
  message: z.string(),
});
export type StoreHealthView = z.infer<typeof storeHealthSchema>;

export const poolStatsSchema = z.object({
  pool_statistics: z.looseObject({ status: z.enum(["healthy", "unavailable"]), store: storeKind }),
  recommendations: z.array(z.string()),
});
export type PoolStats = z.infer<typeof poolStatsSchema>;

export function toStoreHealth(health: StoreHealth, nowMs: number): StoreHealthView {
  return {
    status: health.isConnected && health.isSafe ? "healthy" : "unhealthy",
    connected: health.isConnected,
    response_time_ms: health.responseTimeMs,
    timestamp: toInstant(nowMs),
    store: health.kind,
    message: health.warnings.length > 0 ? health.warnings.join(" ") : describeStore(health),
  };
}

/** `stats` null: the store did not answer. */
export function toPoolStats(health: StoreHealth, stats: ConnectionStats | null): PoolStats {
  const status = stats === null ? ("unavailable" as const) : ("healthy" as const);
  return {
    pool_statistics: { ...stats, status, store: health.kind },
    recommendations: [...health.warnings],
  };
}

function describeStore(health: StoreHealth): string {
  const name = health.kind === "redis" ? "Redis" : "The embedded store (no Redis is configured)";
  return health.isConnected ? `${name} answers.` : `${name} does not answer.`;
}
