import { resolve } from "node:path";
import {
  defaultRetryRatio,
  maxCachedBytes,
  maxCachedResults,
  type RetryRatioSettings,
  type Stores,
} from "@workstream/core";
import { TaskAcceptance } from "./accept-task.ts";
import { BatchIntake } from "./batch-intake.ts";
import { createBulkOperations } from "./bulk-operations.ts";
import { BulkWalk } from "./bulk-walk.ts";
import { CacheFlights } from "./cache-flights.ts";
import { CacheTable } from "./cache-table.ts";
import { Claims } from "./claims.ts";
import { CommitQueue, type Conclude } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import { ErrorGroupTable } from "./error-group-table.ts";
import { EventHub } from "./event-hub.ts";
import { GuardTable } from "./guard-table.ts";
import { createInputStore } from "./input-store.ts";
import { InputTable } from "./input-table.ts";
import { createIntake } from "./intake.ts";
import { prepareLeaseProof } from "./lease-proof.ts";
import { createLeases } from "./leases.ts";
import { ListSources } from "./list-sources.ts";
import { Listing } from "./listing.ts";
import { createManagement } from "./management.ts";
import { MetricsTable } from "./metrics-table.ts";
import { closeFile, type Durability, openFile } from "./open-file.ts";
import { OperationTable } from "./operation-table.ts";
import { OutputHub } from "./output-hub.ts";
import { createOutputStore } from "./output-store.ts";
import { OutputTable } from "./output-table.ts";
import { ParkedLines } from "./parked-lines.ts";
import { QueueTable } from "./queue-table.ts";
import { Ranks } from "./ranks.ts";
import { createReading } from "./reading.ts";
import { Reaper } from "./reaper.ts";
import { createResultCache } from "./result-cache.ts";
import { Revocations } from "./revocations.ts";
import { ServiceCallTable } from "./service-call-table.ts";
import { createServiceGuards } from "./service-guards.ts";
import { ServiceHub } from "./service-hub.ts";
import { createServiceRecords } from "./service-records.ts";
import { ServiceStateTable } from "./service-state-table.ts";
import { Settlements } from "./settlements.ts";
import { readStatus } from "./status.ts";
import { createStepStore } from "./step-store.ts";
import { StepTable } from "./step-table.ts";
import { toStoreError } from "./store-errors.ts";
import { createProbe } from "./store-probe.ts";
import { Sweeper } from "./sweeper.ts";
import { TaskLogs } from "./task-logs.ts";
import { TaskRows } from "./task-rows.ts";
import { TaskTable } from "./task-table.ts";
import { TextTable } from "./text-table.ts";
import { createUpkeep } from "./upkeep.ts";
import { Wakeups } from "./wakeups.ts";
import { createWorkerRegistry } from "./worker-registry.ts";
import { WorkerTable } from "./worker-table.ts";

export type SqliteStoreOptions = {
  /** The file; its folder is made when it is missing. Beside it stand `-wal` and `-owner` while it is open. */
  path: string;
  /** `full` survives a power cut too, at the price of an fsync a transaction. Default `normal`: survives a kill. */
  durability?: Durability;
  /** The store's clock, epoch ms. Default `Date.now`. */
  now?: () => number;
  /** Bound on the bytes of all inputs together. Default 2 GiB. */
  maxInputBytes?: number;
  /** Bounds of the result cache. Default 10,000 results and 256 MiB. */
  maxCachedResults?: number;
  maxCachedBytes?: number;
  /** Workers that a task may have lost before the recovery at open buries it. Default 3. */
  maxLostWorkers?: number;
  /** What `status` computes `retryRatio` from. */
  retryRatio?: RetryRatioSettings;
  /** Lets the reaper take leases of workers of this very process (for tests). Default false. */
  reapsOwn?: boolean;
};

const defaultMaxInputBytes = 2 * 1024 ** 3;
const defaultMaxLostWorkers = 3;

/**
 * Opens the embedded store: one SQLite file, for this process alone.
 *
 * What a killed process left behind is put right before this resolves: tasks that it ran are recovered, each with a
 * strike, and batches that it had accepted are finished.
 * @throws store_unavailable when another process uses the file, it is not ours, or it can't be opened or written
 */
export async function openSqliteStores(options: SqliteStoreOptions): Promise<Stores> {
  const path = resolve(options.path);
  const connection = await openFile(path, options.durability ?? "normal");
  try {
    const parts = createParts(connection, path, options);
    await putRight(parts, options.maxLostWorkers ?? defaultMaxLostWorkers);
    return createStores(parts);
  } catch (error) {
    closeFile(connection, path);
    throw toStoreError(error, path);
  }
}

/** Ends what the last process was in the middle of. */
async function putRight(parts: StoreParts, maxLostWorkers: number) {
  const { batches, reaper, commits, inputs, texts, sweeper, workers, groups, lines } = parts;
  await batches.finishLeftOver();
  await reaper.recoverAll(maxLostWorkers);
  while (await commits.write(() => groups.groupSome())) {}
  await commits.write(() => {
    workers.clear();
    lines.markResults();
  });
  await commits.write(({ now }) => {
    inputs.condemnStale(now);
    texts.condemnUnkept();
  });
  sweeper.kick();
}

type StoreParts = ReturnType<typeof createParts>;

function createParts(connection: Connection, path: string, options: SqliteStoreOptions) {
  const clock = options.now ?? Date.now;
  const now = () => Math.floor(clock());
  const ranks = new Ranks(connection);
  const tasks = new TaskTable(connection);
  const queues = new QueueTable(connection);
  const metrics = new MetricsTable(connection);
  const workers = new WorkerTable(connection);
  const inputs = new InputTable(connection, options.maxInputBytes ?? defaultMaxInputBytes);
  const gathered = createGathered(connection, options);
  const services = createServiceParts(connection);
  const status = () => readStatus(queues, options.retryRatio ?? defaultRetryRatio);
  const [events, wakeups, revocations] = [new EventHub(status), new Wakeups(), new Revocations()];
  const conclude = concludeWith({ metrics, queues, events, wakeups, revocations, ...services });
  const commits = new CommitQueue(connection, { path, now, conclude });
  const claims = new Claims({ connection, tasks, inputs, queues, ranks });
  const acceptance = new TaskAcceptance({ connection, tasks, inputs, ranks });
  const batches = new BatchIntake({ connection, commits, acceptance });
  const lines = new ParkedLines({ connection, ...gathered, ...services });
  const settlements = new Settlements({ connection, tasks, ranks, lines });
  const spared = () => (options.reapsOwn ? new Set<string>() : claims.workers);
  const reaper = new Reaper({ connection, commits, tasks, ranks, workers, spared });
  const sweeper = new Sweeper(commits, [inputs, gathered.logs, gathered.texts]);
  const rows = new TaskRows(connection, inputs);
  const sources = new ListSources(connection, queues);
  const listing = new Listing({ commits, sources, rows });
  const stateful = { events, wakeups, revocations, commits, reaper, sweeper, batches, claims, settlements };
  return {
    connection,
    path,
    now,
    ranks,
    tasks,
    queues,
    metrics,
    workers,
    inputs,
    status,
    acceptance,
    rows,
    listing,
    groups: new ErrorGroupTable(connection),
    operations: new OperationTable(connection),
    bulkWalk: new BulkWalk({ sources, tasks }),
    lines,
    ...stateful,
    ...gathered,
    ...services,
  };
}

/** The guards of services, and what is known of them. */
function createServiceParts(connection: Connection) {
  return {
    guards: new GuardTable(connection),
    serviceCalls: new ServiceCallTable(connection),
    serviceStates: new ServiceStateTable(connection),
    serviceHub: new ServiceHub(),
  };
}

/** What tasks gather beside their rows, and the results of earlier ones. */
function createGathered(connection: Connection, options: SqliteStoreOptions) {
  const texts = new TextTable(connection);
  const bounds = {
    maxResults: options.maxCachedResults ?? maxCachedResults,
    maxBytes: options.maxCachedBytes ?? maxCachedBytes,
  };
  return {
    texts,
    logs: new TaskLogs(connection, texts),
    outputs: new OutputTable(connection),
    outputHub: new OutputHub(),
    steps: new StepTable(connection),
    cached: new CacheTable(connection, texts, bounds),
    flights: new CacheFlights(),
    holdsLease: prepareLeaseProof(connection),
  };
}

function createStores(parts: StoreParts): Stores {
  const { connection, commits, events, wakeups, metrics, path, now } = parts;
  return {
    tasks: {
      ...createIntake(parts),
      ...createLeases(parts),
      ...createManagement(parts),
      ...createReading(parts),
      ...createUpkeep(parts),
    },
    inputs: createInputStore(parts),
    workers: createWorkerRegistry(parts),
    events,
    metrics: {
      throughput: async (minutes) => metrics.throughput(minutes, now()),
      latency: async (minutes) => metrics.latency(minutes, now()),
    },
    probe: createProbe(parts),
    guards: createServiceGuards(parts),
    services: createServiceRecords(parts),
    outputs: createOutputStore(parts),
    steps: createStepStore(parts),
    cache: createResultCache(parts),
    operations: createBulkOperations(parts),
    guardLeases: null,
    async close() {
      if (commits.isClosed) return;
      commits.close();
      wakeups.close();
      events.close();
      parts.outputHub.close();
      parts.serviceHub.close();
      closeFile(connection, path);
    },
  };
}

type Told = Pick<StoreParts, "metrics" | "queues" | "events" | "wakeups" | "revocations" | "serviceHub">;

function concludeWith({ metrics, queues, events, wakeups, revocations, serviceHub }: Told): Conclude {
  return (transaction) => {
    metrics.write(transaction);
    const woken = [...transaction.woken].filter(([queue]) => !queues.isPaused(queue));
    const publish = events.prepare(transaction);
    return () => {
      for (const [queue, hasHigh] of woken) wakeups.push(queue, hasHigh);
      revocations.tell(transaction.revoked);
      serviceHub.tell(transaction.serviceEvents);
      publish?.();
    };
  };
}
