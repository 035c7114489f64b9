/**
 * The HTTP face, apart from any server: whoever calls it listens, and closes. Nothing here reads the environment or
 * knows which store it speaks to.
 */
import { type ServiceDirectory, type Stores, type TaskCatalog, WorkstreamError } from "@workstream/core";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ApiContext } from "./api-context.ts";
import { type ApiSettings, defaultApiSettings } from "./api-settings.ts";
import { requireKeys } from "./auth.ts";
import { guardBrowsers } from "./browser-guards.ts";
import { createApp } from "./create-app.ts";
import { EventStream } from "./event-stream.ts";
import { acceptJsonBodies } from "./json-body.ts";
import { keepServicesCurrent } from "./keep-services-current.ts";
import { documentApi, openApiRoutes } from "./openapi.ts";
import { OperationRunner } from "./operation-runner.ts";
import { sendProblem } from "./problem.ts";
import { Prometheus } from "./prometheus.ts";
import { QueueLimit } from "./queue-limit.ts";
import { circuitBreakerRoutes } from "./routes/circuit-breakers.ts";
import { createBatchRoutes } from "./routes/create-batch.ts";
import { createTaskRoutes } from "./routes/create-tasks.ts";
import { deleteTaskRoutes } from "./routes/delete-tasks.ts";
import { errorGroupRoutes } from "./routes/error-groups.ts";
import { explainTaskRoutes } from "./routes/explain-task.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
import { gatewayInfoRoutes } from "./routes/gateway-info.ts";
import { healthRoutes } from "./routes/health.ts";
import { manageTaskRoutes } from "./routes/manage-tasks.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { openRouterRoutes } from "./routes/openrouter.ts";
import { operationRoutes } from "./routes/operations.ts";
import { pauseQueueRoutes } from "./routes/pause-queues.ts";
import { queueStreamRoutes } from "./routes/queue-stream.ts";
import { queueRoutes } from "./routes/queues.ts";
import { requeueOrphanedRoutes } from "./routes/requeue-orphaned.ts";
import { serviceRoutes } from "./routes/services.ts";
import { storeHealthRoutes } from "./routes/store-health.ts";
import { taskInputRoutes } from "./routes/task-input.ts";
import { taskResultRoutes } from "./routes/task-result.ts";
import { taskStreamRoutes } from "./routes/task-stream.ts";
import { taskTypeRoutes } from "./routes/task-types.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import { workerRoutes } from "./routes/workers.ts";
import { ServiceStatus, statusClock } from "./service-status.ts";
import { SharedFeed } from "./shared-feed.ts";
import { storeTime } from "./store-time.ts";
import { TaskStreams } from "./task-streams.ts";
import { TaskWatches } from "./task-watches.ts";

export type ApiParts = {
  stores: Stores;
  catalog: TaskCatalog;
  services: ServiceDirectory;
  settings?: Partial<ApiSettings>;
  /** A pino logger, or one like it. Absent: nothing is logged. */
  logger?: FastifyBaseLogger;
};

/** Builds the gateway. The caller owns the stores: closing the app closes its streams and leaves them open. */
export async function createApi({ settings: given, logger, ...parts }: ApiParts): Promise<FastifyInstance> {
  const settings = { ...defaultApiSettings, ...given };
  const app = createApp({ settings, logger });
  const context = createContext(parts, settings, app.log);
  app.setErrorHandler(sendProblem);
  app.addHook("onResponse", (request, reply, done) => {
    context.prometheus.observe(request, reply);
    done();
  });
  await guardBrowsers(app, settings);
  requireKeys(app, settings);
  app.setNotFoundHandler((request) => {
    throw new WorkstreamError(
      "not_found",
      `There is no ${request.method} ${request.url.slice(0, 200)}; see /docs.`,
    );
  });
  acceptJsonBodies(app);
  await documentApi(app, settings);
  await registerRoutes(app, context);
  keepServicesCurrent(app, context);
  app.addHook("preClose", () => context.operations.close());
  await app.ready();
  context.operations.start();
  return app;
}

function createContext(
  parts: Pick<ApiContext, "stores" | "catalog" | "services">,
  settings: ApiSettings,
  log: FastifyBaseLogger,
): ApiContext {
  const { stores } = parts;
  const events = new SharedFeed(stores.events);
  const stream = new EventStream({ ...stores, events }, settings.stream);
  const watches = new TaskWatches(events, settings.stream);
  const taskStreams = new TaskStreams(stores, watches, settings.stream);
  const storeNow = () => storeTime(stores.tasks);
  return {
    ...parts,
    settings,
    stream,
    watches,
    taskStreams,
    storeNow,
    status: new ServiceStatus(stores.services, statusClock(storeNow), settings.services),
    prometheus: new Prometheus({ stores, stream, taskStreams }),
    queueLimit: new QueueLimit(parts.stores.tasks, settings.maxQueueDepth),
    operations: new OperationRunner(stores.operations, settings.operations, log),
  };
}

async function registerRoutes(app: FastifyInstance, context: ApiContext): Promise<void> {
  const plugins = [
    createTaskRoutes,
    createBatchRoutes,
    uploadRoutes,
    taskTypeRoutes,
    taskRoutes,
    explainTaskRoutes,
    taskInputRoutes,
    taskResultRoutes,
    taskStreamRoutes,
    manageTaskRoutes,
    deleteTaskRoutes,
    requeueOrphanedRoutes,
    operationRoutes,
    metricsRoutes,
    queueRoutes,
    errorGroupRoutes,
    pauseQueueRoutes,
    queueStreamRoutes,
    workerRoutes,
    circuitBreakerRoutes,
    serviceRoutes,
    openRouterRoutes,
    storeHealthRoutes,
    healthRoutes,
    gatewayRoutes,
    gatewayInfoRoutes,
    openApiRoutes,
  ];
  for (const plugin of plugins) await app.register(plugin, { context });
}
