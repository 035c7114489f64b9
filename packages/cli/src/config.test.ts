import { defaultModel } from "@workstream/tasks";
import { describe, expect, it } from "vitest";
import { type Environment, exposure, loadConfig, summaryModel } from "./config.ts";
import { infoOf } from "./config-report.ts";
import { variableNames } from "./config-schema.ts";

function valid(environment: Environment) {
  const loaded = loadConfig(environment);
  if (!loaded.isValid) throw new Error(loaded.problems.join("\n"));
  return loaded;
}

function problems(environment: Environment): string[] {
  const loaded = loadConfig(environment, [exposure]);
  return loaded.isValid ? [] : loaded.problems;
}

describe("loadConfig", () => {
  it("needs nothing to be set", () => {
    const { config, warnings } = valid({});
    expect(config).toMatchObject({
      DATA_DIR: "./data",
      HOST: "127.0.0.1",
      API_PORT: 8000,
      LEASE_SECONDS: 30,
      MAX_RETRIES: 3,
      MAX_TASK_AGE: 7200,
      DEFAULT_RETRY_RATIO: 0.3,
      OPENROUTER_RATE_LIMIT: "230/10s",
      API_KEYS: [],
    });
    expect(config.REDIS_URL).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("takes an empty value for one that is not set", () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, "  "]));
    expect(valid(empty).config).toEqual(valid({}).config);
  });

  it("reads lists, words in any case, and numbers", () => {
    const { config } = valid({
      API_KEYS: "one, two,",
      TASKS: "./a.ts,./b.mjs",
      LOG_LEVEL: "WARNING",
      AUTH: "Off",
      DEFAULT_RETRY_RATIO: ".25",
    });
    expect(config).toMatchObject({
      API_KEYS: ["one", "two"],
      TASKS: ["./a.ts", "./b.mjs"],
      LOG_LEVEL: "warn",
      AUTH: "off",
      DEFAULT_RETRY_RATIO: 0.25,
    });
  });

  it.each([
    ["http://:::", "http://:::"],
    ["https://ops:s3cret@proxy.example/v1", "https://(hidden)@proxy.example/v1"],
    ["https://proxy.example/v1?version=2", "https://proxy.example/v1?version=2"],
    ["https://proxy.example/v1#chat", "https://proxy.example/v1#chat"],
  ])("refuses %s as the address of OpenRouter, and shows no password", (url, shown) => {
    expect(problems({ OPENROUTER_BASE_URL: url })).toEqual([
      `OPENROUTER_BASE_URL=${shown} is not allowed: use a URL that begins with http:// or https://, with neither a user nor a query.`,
    ]);
  });

  it("reports every problem at once, each with its variable, its value and what is allowed", () => {
    const found = problems({
      LEASE_SECONDS: "5000",
      API_PORT: "http",
      DEFAULT_RETRY_RATIO: "30%",
      DURABILITY: "maybe",
      HOST: "0.0.0.0",
    });
    expect(found).toEqual([
      "DURABILITY=maybe is not allowed: use one of normal, full.",
      "API_PORT=http is not allowed: use a whole number from 0 to 65535.",
      "LEASE_SECONDS=5000 is not allowed: use a whole number from 1 to 3600.",
      "DEFAULT_RETRY_RATIO=30% is not allowed: use a number from 0 to 1.",
      expect.stringContaining("HOST=0.0.0.0 lets other machines reach the gateway"),
    ]);
  });

  it("shows nothing of a secret", () => {
    const found = problems({ REDIS_URL: "http://user:hunter2@host", API_KEYS: "hunter2 hunter3" });
    expect(found).toHaveLength(2);
    expect(found.join()).not.toContain("hunter");
    expect(found[0]).toMatch(/^REDIS_URL=\(hidden, 24 characters\) is not allowed: use a URL/);
  });

  it.each([
    "redis://localhost:6379/2",
    "rediss://user:p%40ss@host",
    "redis+sentinel://a:1,b:2/main",
    "redis+cluster://a:1,b:2",
  ])("takes %s for a Redis", (url) => {
    expect(valid({ REDIS_URL: url }).config.REDIS_URL).toBe(url);
  });

  it("wants the critical depth not to be below the warning depth", () => {
    expect(problems({ RETRY_QUEUE_WARNING: "9000" })).toEqual([
      expect.stringContaining("use a number that is not below RETRY_QUEUE_WARNING, 9000"),
    ]);
    expect(problems({ RETRY_QUEUE_WARNING: "9000", RETRY_QUEUE_CRITICAL: "many" })).toEqual([
      expect.stringContaining("RETRY_QUEUE_CRITICAL=many is not allowed"),
    ]);
  });

  it("wants fewer slots to be kept for high priority than there are", () => {
    expect(valid({ WORKER_HIGH_PRIORITY_SLOTS: "9" }).config.WORKER_HIGH_PRIORITY_SLOTS).toBe(9);
    expect(problems({ WORKER_CONCURRENCY: "4", WORKER_HIGH_PRIORITY_SLOTS: "4" })).toEqual([
      "WORKER_HIGH_PRIORITY_SLOTS=4 is not allowed: use less than WORKER_CONCURRENCY, which is 4.",
    ]);
  });

  it("counts the placeholder of an earlier .env as no key", () => {
    expect(
      valid({ OPENROUTER_API_KEY: "your_openrouter_api_key_here" }).config.OPENROUTER_API_KEY,
    ).toBeUndefined();
    expect(valid({ OPENROUTER_API_KEY: "sk-1" }).config.OPENROUTER_API_KEY).toBe("sk-1");
  });
});

describe("the settings of OpenRouter", () => {
  it("need nothing to be set", () => {
    expect(valid({}).config).toMatchObject({
      OPENROUTER_BASE_URL: "https://openrouter.ai/api/v1",
      OPENROUTER_TIMEOUT: 120,
      CIRCUIT_FAILURE_THRESHOLD: 0.5,
      CIRCUIT_VOLUME_THRESHOLD: 10,
      CIRCUIT_TIMEOUT: 60,
      CREDIT_WARNING_THRESHOLD: 10,
      CREDIT_CRITICAL_THRESHOLD: 5,
      SUMMARIZE_PROVIDER: "auto",
      SUMMARIZE_FALLBACK: false,
      RESULT_CACHE_TTL: 0,
    });
  });

  it("name the model that is asked without one", () => {
    expect(infoOf("OPENROUTER_MODEL").description).toContain(defaultModel);
  });

  it.each(["230", "0/10s", "1/25h", "1/86401s", "1/10d", "1.5/1s", "9/0s"])(
    "refuse the limit %s",
    (limit) => {
      expect(problems({ OPENROUTER_RATE_LIMIT: limit })).toHaveLength(1);
      expect(problems({ OPENROUTER_TOKEN_LIMIT: limit })).toHaveLength(1);
    },
  );

  it.each(["1/1ms", "230/10s", "1000/1440m", "5/24h"])("take the limit %s", (limit) => {
    expect(problems({ OPENROUTER_RATE_LIMIT: limit, OPENROUTER_TOKEN_LIMIT: limit })).toEqual([]);
  });

  it.each([
    ["True", true],
    ["on", true],
    ["0", false],
  ])("read SUMMARIZE_FALLBACK=%s as %s", (text, value) => {
    expect(valid({ SUMMARIZE_FALLBACK: text }).config.SUMMARIZE_FALLBACK).toBe(value);
  });

  it("show nothing of the key", () => {
    expect(problems({ OPENROUTER_API_KEY: "sk or hunter2" })).toEqual([
      expect.stringMatching(/^OPENROUTER_API_KEY=\(hidden, 13 characters\) is not allowed/),
    ]);
  });

  it("want the critical threshold not to be above the warning threshold", () => {
    expect(problems({ CREDIT_WARNING_THRESHOLD: "2" })).toEqual([
      expect.stringContaining("use a number that is not above CREDIT_WARNING_THRESHOLD, 2"),
    ]);
  });

  it("want a key where a model is to summarize, of commands that run tasks", () => {
    const environment = { SUMMARIZE_PROVIDER: "model", OPENROUTER_API_KEY: "your_openrouter_api_key_here" };
    expect(problems(environment)).toEqual([]);
    expect(loadConfig(environment, [summaryModel])).toMatchObject({
      isValid: false,
      problems: [expect.stringContaining("set OPENROUTER_API_KEY, or use auto")],
    });
    expect(loadConfig({ ...environment, OPENROUTER_API_KEY: "sk-1" }, [summaryModel]).isValid).toBe(true);
  });
});

describe("exposure", () => {
  it.each(["127.0.0.1", "127.8.9.1", "localhost", "::1"])("asks nothing of %s", (host) => {
    expect(problems({ HOST: host })).toEqual([]);
  });

  it.each(["0.0.0.0", "::", "192.168.1.4", "example.org", "localhost.example.org"])(
    "asks %s for keys, or for AUTH=off",
    (host) => {
      expect(problems({ HOST: host })).toHaveLength(1);
      expect(problems({ HOST: host, API_KEYS: "k" })).toEqual([]);
      expect(problems({ HOST: host, AUTH: "off" })).toEqual([]);
      expect(problems({ HOST: host, AUTH: "auto" })).toEqual([]);
    },
  );
});

describe("the settings of a deployment", () => {
  it("are no misspelt names", () => {
    const set = { WORKER_REPLICAS: "3", WORKER_MEMORY_LIMIT: "512m", WORKER_CPU_LIMIT: "0.5" };
    expect(valid({ ...set, REDIS_MAXMEMORY: "4gb" }).warnings).toEqual([]);
  });

  it.each([
    { WORKER_MEMORY_LIMIT: "much" },
    { WORKER_CPU_LIMIT: "-1" },
    { WORKER_STOP_GRACE_PERIOD: "45" },
    { REDIS_MAXMEMORY: "50%" },
  ])("refuse %j", (set) => {
    expect(problems(set)).toHaveLength(1);
  });

  it("want a container to live longer than the program's own grace period", () => {
    expect(problems({ WORKER_STOP_GRACE_PERIOD: "34s" })).toEqual([
      "WORKER_STOP_GRACE_PERIOD=34s is not allowed: use 35s or more, for SHUTDOWN_GRACE_SECONDS is 30.",
    ]);
    expect(problems({ WORKER_STOP_GRACE_PERIOD: "35s" })).toEqual([]);
    expect(problems({ WORKER_STOP_GRACE_PERIOD: "1m5s", SHUTDOWN_GRACE_SECONDS: "60" })).toEqual([]);
    expect(problems({ WORKER_STOP_GRACE_PERIOD: "1m4s", SHUTDOWN_GRACE_SECONDS: "60" })).toHaveLength(1);
  });
});

describe("names that are not ours", () => {
  it.each([
    ["REDIS_ULR", "REDIS_URL"],
    ["MAX_RETRYS", "MAX_RETRIES"],
    ["WORKER_CONCURENCY", "WORKER_CONCURRENCY"],
    ["LEASE_SECOND", "LEASE_SECONDS"],
    ["api_port", "API_PORT"],
  ])("asks whether %s was meant to be %s", (name, meant) => {
    expect(valid({ [name]: "1" }).warnings).toEqual([`${name} is not a setting: did you mean ${meant}?`]);
  });

  it.each([
    "PATH",
    "HOSTNAME",
    "PORT",
    "HOME",
    "npm_package_version",
    "POSTGRES_URL",
    "DATABASE_URL",
    "OAUTH",
  ])("says nothing of %s", (name) => {
    expect(valid({ [name]: "1" }).warnings).toEqual([]);
  });

  it("names the replacement of each Celery setting once", () => {
    const { warnings } = valid({
      CELERY_BROKER_URL: "redis://x",
      WORKER_PREFETCH_MULTIPLIER: "4",
      DEBUG: "1",
      CELERY_X: "1",
    });
    expect(warnings).toEqual([
      "CELERY_BROKER_URL is no setting of this program: use REDIS_URL.",
      "WORKER_PREFETCH_MULTIPLIER is no setting of this program: a worker takes no more than it can run: use WORKER_CONCURRENCY.",
      "DEBUG is no setting of this program: use LOG_LEVEL=debug.",
      "CELERY_X is no setting of this program: nothing takes its place.",
    ]);
  });

  it("still obeys CELERY_WORKER_CONCURRENCY, and warns", () => {
    const { config, warnings } = valid({ CELERY_WORKER_CONCURRENCY: "3" });
    expect(config.WORKER_CONCURRENCY).toBe(3);
    expect(warnings).toEqual(["CELERY_WORKER_CONCURRENCY still works; better use WORKER_CONCURRENCY."]);
    expect(valid({ CELERY_WORKER_CONCURRENCY: "3", WORKER_CONCURRENCY: "5" }).config.WORKER_CONCURRENCY).toBe(
      5,
    );
    expect(problems({ CELERY_WORKER_CONCURRENCY: "x" })).toEqual([
      "WORKER_CONCURRENCY=x is not allowed: use a whole number from 1 to 1000.",
    ]);
  });
});
