import { misspeltNameWarnings, problemWith } from "./config-report.ts";
import { type Config, configSchema, type VariableName, variableNames } from "./config-schema.ts";
import { durationSeconds } from "./deployment-variables.ts";
import { retiredNameWarnings } from "./retired-names.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type LoadedConfig =
  | { isValid: true; config: Config; warnings: string[] }
  | { isValid: false; problems: string[]; warnings: string[] };

/** A rule over several variables; it is asked only when each of them is right by itself. */
export type ConfigRule = {
  concerns: readonly VariableName[];
  /** One sentence, or null. */
  problem(config: Config): string | null;
};

/** The value that came with the .env file of the earlier deployment: it stands for no key. */
const placeholderKey = "your_openrouter_api_key_here";

const retryDepths: ConfigRule = {
  concerns: ["RETRY_QUEUE_WARNING", "RETRY_QUEUE_CRITICAL"],
  problem: ({ RETRY_QUEUE_WARNING, RETRY_QUEUE_CRITICAL }) =>
    RETRY_QUEUE_CRITICAL >= RETRY_QUEUE_WARNING
      ? null
      : `RETRY_QUEUE_CRITICAL=${RETRY_QUEUE_CRITICAL} is not allowed: use a number that is not below RETRY_QUEUE_WARNING, ${RETRY_QUEUE_WARNING}.`,
};

const creditThresholds: ConfigRule = {
  concerns: ["CREDIT_WARNING_THRESHOLD", "CREDIT_CRITICAL_THRESHOLD"],
  problem: ({ CREDIT_WARNING_THRESHOLD, CREDIT_CRITICAL_THRESHOLD }) =>
    CREDIT_CRITICAL_THRESHOLD <= CREDIT_WARNING_THRESHOLD
      ? null
      : `CREDIT_CRITICAL_THRESHOLD=${CREDIT_CRITICAL_THRESHOLD} is not allowed: use a number that is not above CREDIT_WARNING_THRESHOLD, ${CREDIT_WARNING_THRESHOLD}.`,
};

/** For commands that run tasks or accept them: a model needs a key. */
export const summaryModel: ConfigRule = {
  concerns: ["SUMMARIZE_PROVIDER", "OPENROUTER_API_KEY"],
  problem: ({ SUMMARIZE_PROVIDER, OPENROUTER_API_KEY }) =>
    SUMMARIZE_PROVIDER === "model" && OPENROUTER_API_KEY === undefined
      ? "SUMMARIZE_PROVIDER=model is not allowed without a key: set OPENROUTER_API_KEY, or use auto."
      : null,
};

/** Past its own grace period the program closes its store. */
const closingSeconds = 5;

/** What a container is killed in the middle of comes back only when its lease runs out. */
const stopGrace: ConfigRule = {
  concerns: ["WORKER_STOP_GRACE_PERIOD", "SHUTDOWN_GRACE_SECONDS"],
  problem: ({ WORKER_STOP_GRACE_PERIOD: given, SHUTDOWN_GRACE_SECONDS }) => {
    const needed = SHUTDOWN_GRACE_SECONDS + closingSeconds;
    if (given === undefined || durationSeconds(given) >= needed) return null;
    return `WORKER_STOP_GRACE_PERIOD=${given} is not allowed: use ${needed}s or more, for SHUTDOWN_GRACE_SECONDS is ${SHUTDOWN_GRACE_SECONDS}.`;
  },
};

/** Each server that is named holds a partition at least. */
const partitions: ConfigRule = {
  concerns: ["REDIS_URL", "REDIS_PARTITIONS"],
  problem: ({ REDIS_URL, REDIS_PARTITIONS }) => {
    const servers = REDIS_URL?.split(/\s+/).length ?? 1;
    if (REDIS_PARTITIONS === undefined || REDIS_PARTITIONS >= servers) return null;
    return `REDIS_PARTITIONS=${REDIS_PARTITIONS} is not allowed: use ${servers} or more, for REDIS_URL names ${servers} servers.`;
  },
};

/** What is kept free is a part of the whole. */
const highPrioritySlots: ConfigRule = {
  concerns: ["WORKER_CONCURRENCY", "WORKER_HIGH_PRIORITY_SLOTS"],
  problem: ({ WORKER_CONCURRENCY, WORKER_HIGH_PRIORITY_SLOTS }) =>
    WORKER_HIGH_PRIORITY_SLOTS < WORKER_CONCURRENCY
      ? null
      : `WORKER_HIGH_PRIORITY_SLOTS=${WORKER_HIGH_PRIORITY_SLOTS} is not allowed: use less than WORKER_CONCURRENCY, which is ${WORKER_CONCURRENCY}.`,
};

const ownRules = [highPrioritySlots, partitions, retryDepths, creditThresholds, stopGrace];

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

/** For commands that listen: off loopback the gateway asks for keys, or for AUTH=off. */
export const exposure: ConfigRule = {
  concerns: ["HOST", "API_KEYS", "AUTH"],
  problem: ({ HOST, API_KEYS, AUTH }) =>
    isLoopback(HOST) || API_KEYS.length > 0 || AUTH !== "on"
      ? null
      : `HOST=${HOST} lets other machines reach the gateway: set API_KEYS, or AUTH=off if everyone who reaches it may use it.`,
};

/** For commands that listen: the gateway and the dashboard have a port each. */
export const ports: ConfigRule = {
  concerns: ["API_PORT", "DASHBOARD_PORT", "DASHBOARD"],
  problem: ({ API_PORT, DASHBOARD_PORT, DASHBOARD }) =>
    DASHBOARD === "off" || API_PORT !== DASHBOARD_PORT || API_PORT === 0
      ? null
      : `DASHBOARD_PORT=${DASHBOARD_PORT} is not allowed: use another port than API_PORT, or DASHBOARD=off.`,
};

/** Checks every setting in `environment` and reports all problems at once. An empty value means not set. */
export function loadConfig(environment: Environment, rules: readonly ConfigRule[] = []): LoadedConfig {
  const set = withOldNames(withoutEmpty(environment));
  const faulty = faultyNames(set);
  const sound = Object.fromEntries(Object.entries(set).filter(([name]) => !faulty.has(name)));
  const config = configSchema.parse(sound);
  const names = Object.keys(withoutEmpty(environment));
  const warnings = [...misspeltNameWarnings(names), ...retiredNameWarnings(names)];
  const problems = [
    ...variableNames.filter((name) => faulty.has(name)).map((name) => problemWith(name, set[name] ?? "")),
    ...[...ownRules, ...rules].flatMap((rule) => brokenRule(rule, config, faulty)),
  ];
  return problems.length > 0 ? { isValid: false, problems, warnings } : { isValid: true, config, warnings };
}

function brokenRule(rule: ConfigRule, config: Config, faulty: ReadonlySet<string>): string[] {
  if (rule.concerns.some((name) => faulty.has(name))) return [];
  const problem = rule.problem(config);
  return problem === null ? [] : [problem];
}

function faultyNames(set: Record<string, string>): Set<string> {
  const parsed = configSchema.safeParse(set);
  return new Set(parsed.error?.issues.map(({ path }) => String(path[0])));
}

function withoutEmpty(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]) => [name, value?.trim() ?? ""] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function withOldNames(set: Record<string, string>): Record<string, string> {
  const { OPENROUTER_API_KEY: key, ...rest } = set;
  const concurrency = set.WORKER_CONCURRENCY ?? set.CELERY_WORKER_CONCURRENCY;
  return {
    ...rest,
    ...(concurrency && { WORKER_CONCURRENCY: concurrency }),
    ...(key && key !== placeholderKey && { OPENROUTER_API_KEY: key }),
  };
}
