/**
 * The dashboard's own port: the files of its build, and the gateway under the gateway's paths.
 *
 * A request for the API is given to the gateway's app before anything of it is read, so both ports are one gateway:
 * the same keys, limits and streams, no hop between them and no second connection to the store.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import { relative, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import { WorkstreamError } from "@workstream/core";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import { type ApiSettings, defaultApiSettings } from "./api-settings.ts";
import { guardDashboard } from "./browser-guards.ts";
import { createApp } from "./create-app.ts";
import { sendProblem } from "./problem.ts";

export type DashboardParts = {
  /** The built dashboard, an absolute path: index.html, and files with hashed names in assets/. */
  folder: string;
  /** It answers on this port too, and is closed by whoever made it. */
  gateway: FastifyInstance;
  settings?: Partial<ApiSettings>;
  logger?: FastifyBaseLogger;
};

const gatewayPaths = /^\/(api|health|live|ready|metrics|docs|openapi\.json)(?=[/?]|$)/;
const year = 365 * 24 * 3600;

/** Builds the dashboard's server. Close it together with the gateway: streams on this port end with the gateway. */
export async function createDashboard(parts: DashboardParts): Promise<FastifyInstance> {
  const { folder, gateway, logger } = parts;
  const settings = { ...defaultApiSettings, ...parts.settings };
  const serverFactory = (files: RequestListener) => openServer(files, gateway, settings);
  const app = createApp({ settings, logger, serverFactory });
  app.setErrorHandler((error, request, reply) => sendProblem(withOwnWords(error as Error), request, reply));
  guardDashboard(app, settings);
  await serveFiles(app, folder);
  await app.ready();
  return app;
}

function openServer(files: RequestListener, gateway: FastifyInstance, settings: ApiSettings): Server {
  const { requestTimeoutMs: requestTimeout } = settings;
  const { keepAliveTimeout } = gateway.server;
  return createServer({ requestTimeout, keepAliveTimeout }, (request, response) => {
    if (gatewayPaths.test(request.url ?? "")) gateway.routing(request, response);
    else files(request, response);
  }).setTimeout(requestTimeout);
}

async function serveFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    dotfiles: "ignore",
    acceptRanges: false,
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header("cache-control", cacheControl(relative(folder, path))),
  });
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) throw nothingThere();
    return reply.code(200).sendFile("index.html");
  });
}

/** A name with a hash never gets other content; every other file is asked for again, which its ETag makes cheap. */
function cacheControl(path: string): string {
  return path.startsWith(`assets${sep}`) ? `public, max-age=${year}, immutable` : "no-cache";
}

/** Pages are told apart in the browser, so any path that can't be a file's is one. */
function isPage({ method, url }: FastifyRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const [path = ""] = url.split("?");
  return !path.startsWith("/assets/") && !/\.[^/]*$/.test(path);
}

/** What the file server refuses, such as a path out of the folder, is to the client a path with nothing at it. */
function withOwnWords(error: Error & { statusCode?: number }): Error {
  const { statusCode = 500 } = error;
  return statusCode < 500 && !(error instanceof WorkstreamError) ? nothingThere() : error;
}

function nothingThere(): WorkstreamError {
  return new WorkstreamError("not_found", "There is no such file.");
}
