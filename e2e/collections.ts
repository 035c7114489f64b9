import type { Redis } from "ioredis";

/** The ids in every state collection of a store with no key prefix and no named queues. */
export async function collections(redis: Redis): Promise<Record<string, string[]>> {
  const lanes = [
    "tasks:pending:primary:high",
    "tasks:pending:primary",
    "tasks:pending:primary:low",
    "tasks:pending:retry",
  ];
  const pending = await Promise.all(lanes.map((lane) => redis.lrange(lane, 0, -1)));
  return {
    PENDING: pending.flat(),
    ACTIVE: await redis.zrange("tasks:active", "0", "-1"),
    SCHEDULED: await redis.zrange("tasks:scheduled", "0", "-1"),
    COMPLETED: await redis.zrange("tasks:completed", "0", "-1"),
    FAILED: await redis.zrange("tasks:failed", "0", "-1"),
    CANCELLED: await redis.zrange("tasks:cancelled", "0", "-1"),
    DLQ: await redis.lrange("dlq:tasks", 0, -1),
  };
}
