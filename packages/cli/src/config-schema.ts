import { z } from "zod";
import { choice, decimal, integer, list, optionalInteger, optionalText, text } from "./config-variable.ts";
import { deploymentVariables } from "./deployment-variables.ts";
import { openRouterVariables } from "./openrouter-variables.ts";

const webOrigin = /^https?:\/\/[^/\s]+$/;
const webUrl = /^https?:\/\/\S+$/;
const day = 24 * 3600;

/**
 * Every setting of the program, by its environment variable. `.env.example`, docs/configuration.md and the error
 * messages are made from this table, so a variable is described here and nowhere else.
 */
export const configSchema = z.object({
  REDIS_URL: optionalText({
    group: "Store",
    description:
      "The Redis that holds the tasks; without it the program keeps them in a SQLite file under DATA_DIR. Several URLs with blanks between them share the tasks, a partition each (docs/operations.md).",
    pattern: /^rediss?(\+(sentinel|cluster))?:\/\/\S+(\s+rediss?(\+(sentinel|cluster))?:\/\/\S+)*$/,
    allowed:
      "a URL that begins with redis://, rediss://, redis+sentinel:// or redis+cluster://, or several with blanks between them",
    isSecret: true,
  }),
  REDIS_KEY_PREFIX: text({
    group: "Store",
    description:
      "Put before every key and channel, so that several installations can share a Redis; a Redis Cluster needs a hash tag here, as in {workstream}:.",
    pattern: /^[\x21-\x7e]{0,64}$/,
    allowed: "up to 64 printable characters without spaces",
    fallback: "",
  }),
  REDIS_PARTITIONS: optionalInteger({
    group: "Store",
    description:
      "Into how many partitions the tasks are shared out; as many as REDIS_URL has URLs when empty. More can be added later, none taken away. Every process needs the same number.",
    min: 1,
    max: 64,
  }),
  DATA_DIR: text({
    group: "Store",
    description: "The folder of the embedded store, made when it is missing.",
    pattern: /\S/,
    allowed: "a path",
    fallback: "./data",
  }),
  DURABILITY: choice(["normal", "full"], {
    group: "Store",
    description:
      "What the embedded store survives: normal survives a killed process, full also a power cut, at the price of a disk flush per change.",
    fallback: "normal",
  }),
  MAX_INPUT_BYTES: integer({
    group: "Store",
    description: "Bound on the bytes of all stored inputs together; above it new tasks are answered 503.",
    fallback: 2_147_483_648,
    min: 1_048_576,
    max: 1_099_511_627_776,
  }),

  HOST: text({
    group: "Gateway",
    description:
      "The address on which the gateway listens; anything but loopback needs API_KEYS, or AUTH=off.",
    pattern: /^[A-Za-z0-9.:_-]+$/,
    allowed: "a host name or an IP address",
    fallback: "127.0.0.1",
  }),
  API_PORT: integer({
    group: "Gateway",
    description: "The gateway's port.",
    fallback: 8000,
    min: 0,
    max: 65_535,
  }),
  DASHBOARD: choice(["on", "off"], {
    group: "Gateway",
    description: "Whether the program serves the dashboard, on a port of its own beside the gateway's.",
    fallback: "on",
  }),
  DASHBOARD_PORT: integer({
    group: "Gateway",
    description:
      "The port of the dashboard, which answers for the API too; pages from there may call the gateway.",
    fallback: 3000,
    min: 0,
    max: 65_535,
  }),
  API_KEYS: list({
    group: "Gateway",
    description:
      "Keys that clients send as a bearer token; on loopback none has to be set, and once any is, every caller needs one. Before a key, reader: or submitter: narrows what it may do.",
    pattern: /^(?!(reader|submitter|operator):$)[\x21-\x7e]+$/,
    allowed: "keys between commas, each of printable characters without spaces",
    isSecret: true,
  }),
  AUTH: choice(["on", "off", "auto"], {
    group: "Gateway",
    description:
      "Whether keys are asked for: off serves everyone who can reach HOST, auto everyone as long as API_KEYS is not set.",
    fallback: "on",
    alsoKnownAs: { keys: "on" },
  }),
  ALLOWED_HOSTS: list({
    group: "Gateway",
    description:
      "Host names, beside this machine's own, to which the gateway answers; without any it answers to every name unless HOST is loopback.",
    pattern: /^[A-Za-z0-9.-]+$/,
    allowed: "host names between commas, without ports",
  }),
  CORS_ORIGINS: list({
    group: "Gateway",
    description:
      "Further origins whose pages may call the API; localhost is allowed on the dashboard's and vite's ports.",
    pattern: webOrigin,
    allowed: "origins between commas, such as https://ops.example.org",
  }),
  MAX_QUEUE_DEPTH: integer({
    group: "Gateway",
    description:
      "Tasks that may wait in one queue, or be scheduled; further ones are answered 429. What other gateways accept in the same half second may come on top.",
    fallback: 10_000_000,
    min: 1,
    max: 1_000_000_000,
  }),
  MAX_UPLOAD_MB: integer({
    group: "Gateway",
    description: "The largest PDF that is accepted, in megabytes of 1,048,576 bytes.",
    fallback: 50,
    min: 1,
    max: 1024,
  }),

  WORKER_CONCURRENCY: integer({
    group: "Worker",
    description: "Tasks that one worker runs at a time.",
    fallback: 10,
    min: 1,
    max: 1000,
  }),
  WORKER_HIGH_PRIORITY_SLOTS: integer({
    group: "Worker",
    description:
      "How many of WORKER_CONCURRENCY are kept free for tasks of high priority (not for their retries), so that such a task starts although a worker is full of others. Fewer than WORKER_CONCURRENCY.",
    fallback: 0,
    min: 0,
    max: 999,
  }),
  TASKS: list({
    group: "Worker",
    description: "Modules with task types of your own, .mjs, .js or .ts; the same as --tasks.",
    pattern: /\S/,
    allowed: "paths or package names between commas",
  }),
  LEASE_SECONDS: integer({
    group: "Worker",
    description: "How long a worker may be silent before its tasks are given to another.",
    fallback: 30,
    min: 1,
    max: 3600,
  }),
  SHUTDOWN_GRACE_SECONDS: integer({
    group: "Worker",
    description:
      "How long running tasks may take to finish after SIGTERM; what is left is handed back, without using up an attempt.",
    fallback: 30,
    min: 0,
    max: 3600,
  }),

  MAX_RETRIES: integer({
    group: "Retries",
    description: "Retries of a task whose type says nothing else.",
    fallback: 3,
    min: 0,
    max: 100,
  }),
  MAX_TASK_AGE: integer({
    group: "Retries",
    description: "Seconds after which a failed task is given up, counted from when it was first due.",
    fallback: 7200,
    min: 1,
    max: 30 * day,
  }),
  MAX_LOST_WORKERS: integer({
    group: "Retries",
    description: "Workers that a task may take down before it goes to the DLQ.",
    fallback: 3,
    min: 1,
    max: 100,
  }),
  DEFAULT_RETRY_RATIO: decimal({
    group: "Retries",
    description: "Share of claims that go to retries while few of them wait.",
    fallback: 0.3,
    min: 0,
    max: 1,
  }),
  RETRY_QUEUE_WARNING: integer({
    group: "Retries",
    description: "Waiting retries above which their share falls to 20 %.",
    fallback: 1000,
    min: 1,
    max: 100_000_000,
  }),
  RETRY_QUEUE_CRITICAL: integer({
    group: "Retries",
    description: "Waiting retries above which their share falls to 10 %.",
    fallback: 5000,
    min: 1,
    max: 100_000_000,
  }),

  RETENTION_COMPLETED_DAYS: integer({
    group: "Retention",
    description: "Days that completed tasks stay.",
    fallback: 7,
    min: 1,
    max: 3650,
  }),
  RETENTION_COMPLETED_COUNT: integer({
    group: "Retention",
    description: "How many completed tasks stay.",
    fallback: 100_000,
    min: 1,
    max: 100_000_000,
  }),
  RETENTION_FAILED_DAYS: integer({
    group: "Retention",
    description: "Days that FAILED, DLQ and CANCELLED tasks stay.",
    fallback: 30,
    min: 1,
    max: 3650,
  }),
  RETENTION_FAILED_COUNT: integer({
    group: "Retention",
    description: "How many tasks stay in each of FAILED, DLQ and CANCELLED.",
    fallback: 100_000,
    min: 1,
    max: 100_000_000,
  }),

  LOG_LEVEL: choice(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
    group: "Logs",
    description:
      "The least important line that is logged; from debug on, startup errors come with their stack.",
    fallback: "info",
    alsoKnownAs: { warning: "warn", critical: "fatal" },
  }),
  LOG_FORMAT: choice(["auto", "json", "pretty"], {
    group: "Logs",
    description: "How logs are written: auto is pretty on a terminal and JSON lines elsewhere.",
    fallback: "auto",
  }),

  WORKSTREAM_URL: optionalText({
    group: "Client",
    description:
      "The gateway that the commands talk to; without it http://HOST:API_PORT, which is http://127.0.0.1:8000 by default.",
    pattern: webUrl,
    allowed: "a URL that begins with http:// or https://",
  }),

  ...openRouterVariables,
  ...deploymentVariables,
});

export type Config = z.output<typeof configSchema>;
export type VariableName = keyof Config;

export const variableNames = Object.keys(configSchema.shape) as VariableName[];
