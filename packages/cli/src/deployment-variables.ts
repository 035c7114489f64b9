import { integer, optionalText, text } from "./config-variable.ts";

const size = /^\d+(b|k|kb|m|mb|g|gb)?$/i;

/** What docker-compose.yml reads from .env. The program itself checks these, and uses none. */
export const deploymentVariables = {
  WORKER_REPLICAS: integer({
    group: "Deployment",
    description: "How many workers the compose file starts; the program itself starts one.",
    fallback: 1,
    min: 1,
    max: 1000,
  }),
  WORKER_MEMORY_LIMIT: text({
    group: "Deployment",
    description:
      "Memory of one worker's container; past it the kernel ends the worker, and its tasks go to another.",
    pattern: size,
    allowed: "a size such as 512m or 2g, or 0 for no limit",
    fallback: "2g",
  }),
  WORKER_CPU_LIMIT: text({
    group: "Deployment",
    description: "Processor cores of one worker's container.",
    pattern: /^\d{1,4}(\.\d{1,2})?$/,
    allowed: "a number such as 2 or 0.5, or 0 for no limit",
    fallback: "0",
  }),
  WORKER_STOP_GRACE_PERIOD: optionalText({
    group: "Deployment",
    description:
      "How long a worker's container may take to stop before it is killed, 45s when not set; at least 5 s more than SHUTDOWN_GRACE_SECONDS.",
    pattern: /^(?=.)(\d+h)?(\d+m)?(\d+s)?$/,
    allowed: "a duration such as 45s or 2m30s",
  }),
  REDIS_MAXMEMORY: text({
    group: "Deployment",
    description:
      "Memory for the data of the compose file's Redis; when it is full new tasks are answered 503 and none is lost.",
    pattern: size,
    allowed: "a size such as 500mb or 4gb, or 0 for no limit",
    fallback: "0",
  }),
};

/** Seconds of a duration as WORKER_STOP_GRACE_PERIOD allows it. */
export function durationSeconds(duration: string): number {
  const secondsPerUnit = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+)([hms])/g)];
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit],
    0,
  );
}
