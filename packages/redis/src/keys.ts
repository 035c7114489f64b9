/**
 * The names of every key. They are a public contract: operators and other programs read them.
 *
 * A prefix, empty by default, stands before each name. On a Cluster it carries the hash tag that keeps all keys in one
 * slot, for one script touches many of them.
 */
export const staticNames = {
  primaryHigh: "tasks:pending:primary:high",
  primary: "tasks:pending:primary",
  primaryLow: "tasks:pending:primary:low",
  retry: "tasks:pending:retry",
  wakeup: "tasks:wakeup",
  wakeupHigh: "tasks:wakeup:primary:high",
  scheduled: "tasks:scheduled",
  staleLines: "tasks:stale_lines",
  active: "tasks:active",
  dlq: "dlq:tasks",
  deaths: "dlq:deaths",
  groups: "dlq:groups",
  completed: "tasks:completed",
  failed: "tasks:failed",
  cancelled: "tasks:cancelled",
  index: "tasks:index",
  queues: "tasks:queues",
  paused: "tasks:paused",
  shares: "tasks:shares",
  reaper: "tasks:reaper",
  batches: "tasks:batches",
  operations: "operations",
  partition: "partition",
  inputBytes: "inputs:bytes",
  uploads: "inputs:uploads",
  uploadBytes: "inputs:upload_bytes",
  workers: "worker:index",
  cacheIndex: "cache:index",
  cacheExpiries: "cache:expiries",
  cacheSizes: "cache:sizes",
  cacheBytes: "cache:bytes",
  services: "services:index",
  updates: "queue-updates",
  serviceUpdates: "service-updates",
} as const;

/** A key whose name is always the same. Scripts name it with `Key` at the end: `activeKey`. */
export type StaticKey = keyof typeof staticNames;
export const staticKeys = Object.keys(staticNames) as StaticKey[];

/** Of one service: `openrouter:…` for the built-in one, `service:{name}:…` for every other. */
export type ServiceKeys = {
  breaker: string;
  limit: string;
  bucket: string;
  tokenBucket: string;
  state: string;
  credits: string;
  creditsHistory: string;
  check: string;
  parked: string;
};

export type LaneKeys = {
  high: string;
  normal: string;
  low: string;
  retry: string;
  wakeup: string;
  wakeupHigh: string;
};

export type RedisKeys = Readonly<Record<StaticKey, string>> & {
  prefix: string;
  task(id: string): string;
  deadLetter(id: string): string;
  errorGroup(group: string): string;
  input(id: string): string;
  output(id: string): string;
  steps(id: string): string;
  lanes(queue: string): LaneKeys;
  wakeupOf(queue: string, lane?: "high"): string;
  indexOfType(type: string): string;
  indexOfQueue(queue: string): string;
  idempotency(key: string): string;
  batch(id: string): string;
  operation(id: string): string;
  throughput(minute: number): string;
  latency(minute: number): string;
  service(service: string): ServiceKeys;
  /** `date`: YYYY-MM-DD */
  serviceMetrics(service: string, date: string): string;
  workerHeartbeat(workerId: string): string;
  workerTasks(workerId: string): string;
  workerLeases(workerId: string): string;
  workerStats(workerId: string): string;
  /** A channel, not a key. */
  workerRevoked(workerId: string): string;
  /** A channel, not a key. */
  taskOutput(id: string): string;
  cached(digest: string): string;
  cacheFlight(digest: string): string;
  cacheWaiting(digest: string): string;
};

export function redisKeys(prefix = ""): RedisKeys {
  const named = Object.fromEntries(
    Object.entries(staticNames).map(([name, key]) => [name, prefix + key]),
  ) as Record<StaticKey, string>;
  return {
    ...named,
    prefix,
    task: (id) => `${prefix}task:${id}`,
    deadLetter: (id) => `${prefix}dlq:task:${id}`,
    errorGroup: (group) => `${prefix}dlq:group:${group}`,
    input: (id) => `${prefix}input:${id}`,
    output: (id) => `${prefix}output:${id}`,
    steps: (id) => `${prefix}steps:${id}`,
    lanes: (queue) => laneKeys(prefix, queue),
    wakeupOf: (queue, lane) => laneKeys(prefix, queue)[lane === "high" ? "wakeupHigh" : "wakeup"],
    indexOfType: (type) => `${prefix}tasks:index:type:${type}`,
    indexOfQueue: (queue) => `${prefix}tasks:index:queue:${queue}`,
    idempotency: (key) => `${prefix}idempotency:${key}`,
    operation: (id) => `${prefix}operation:${id}`,
    batch: (id) => `${prefix}batch:${id}`,
    throughput: (minute) => `${prefix}metrics:throughput:${minute}`,
    latency: (minute) => `${prefix}metrics:latency:${minute}`,
    service: (service) => serviceKeys(prefix, service),
    serviceMetrics: (service, date) => `${serviceRoot(prefix, service)}:metrics:${date}`,
    workerHeartbeat: (workerId) => `${prefix}worker:heartbeat:${workerId}`,
    workerTasks: (workerId) => `${prefix}worker:active_tasks:${workerId}`,
    workerLeases: (workerId) => `${prefix}worker:leases:${workerId}`,
    workerStats: (workerId) => `${prefix}worker:stats:${workerId}`,
    workerRevoked: (workerId) => `${prefix}worker:revoked:${workerId}`,
    taskOutput: (id) => `${prefix}task-output:${id}`,
    cached: (digest) => `${prefix}cache:${digest}`,
    cacheFlight: (digest) => `${prefix}cache:flight:${digest}`,
    cacheWaiting: (digest) => `${prefix}cache:waiting:${digest}`,
  };
}

function laneKeys(prefix: string, queue: string): LaneKeys {
  const lane = `${prefix}tasks:pending:${queue}`;
  const isPrimary = queue === "primary";
  return {
    high: `${lane}:high`,
    normal: lane,
    low: `${lane}:low`,
    retry: isPrimary ? `${prefix}tasks:pending:retry` : `${lane}:retry`,
    wakeup: isPrimary ? `${prefix}tasks:wakeup` : `${prefix}tasks:wakeup:${queue}`,
    wakeupHigh: `${prefix}tasks:wakeup:${queue}:high`,
  };
}

function serviceRoot(prefix: string, service: string): string {
  return service === "openrouter" ? `${prefix}openrouter` : `${prefix}service:${service}`;
}

function serviceKeys(prefix: string, service: string): ServiceKeys {
  const root = serviceRoot(prefix, service);
  return {
    breaker: `${prefix}circuit_breaker:${service}`,
    limit: `${root}:rate_limit_config`,
    bucket: `${root}:rate_limit:bucket`,
    tokenBucket: `${root}:token_limit:bucket`,
    state: `${root}:state`,
    credits: `${root}:credits`,
    creditsHistory: `${root}:credits:history`,
    check: `${root}:check`,
    parked: `${root}:parked`,
  };
}
