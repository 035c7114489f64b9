import { randomUUID } from "node:crypto";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyServerFactory } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import type { ApiSettings } from "./api-settings.ts";
import { validateInput } from "./input-validator.ts";
import { answerClientError, sendProblem } from "./problem.ts";
import { parseQuery } from "./query-string.ts";
import { RequestLog } from "./request-log.ts";
import { closeUnusedConnections } from "./unused-connections.ts";

export type AppParts = {
  settings: ApiSettings;
  logger: FastifyBaseLogger | undefined;
  /** Absent: a server of its own. */
  serverFactory?: FastifyServerFactory;
};

/** An app that logs, bounds requests and words errors as all of ours do. */
export function createApp({ settings, logger, serverFactory }: AppParts): FastifyInstance {
  const app: FastifyInstance = Fastify({
    ...(logger && { loggerInstance: logger }),
    ...(serverFactory && { serverFactory }),
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: settings.requestTimeoutMs,
    connectionTimeout: settings.requestTimeoutMs,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: answerClientError,
    routerOptions: {
      ignoreTrailingSlash: true,
      // A path is bounded by Node's 16 kB of headers: an id of any length is 404, never 414.
      maxParamLength: 64 * 1024,
      querystringParser: parseQuery,
    },
  });
  app.setValidatorCompiler(validateInput);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  closeUnusedConnections(app);
  return app;
}
