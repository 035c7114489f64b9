/** What browsers may do with the gateway: which origins may call it, which hosts it answers to. */
import cors from "@fastify/cors";
import { WorkstreamError } from "@workstream/core";
import type { FastifyInstance } from "fastify";
import type { ApiSettings } from "./api-settings.ts";
import { setPolicyHeaders } from "./policy-headers.ts";

const devServerPorts = [5173, 5174];

export function allowedOrigins({ dashboardPort, corsOrigins }: ApiSettings): string[] {
  const local = [dashboardPort, ...devServerPorts].flatMap((port) => [
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}`,
  ]);
  return [...new Set([...local, ...corsOrigins.map((origin) => origin.replace(/\/+$/, ""))])];
}

export async function guardBrowsers(app: FastifyInstance, settings: ApiSettings): Promise<void> {
  guardHosts(app, settings.allowedHosts);
  await app.register(cors, {
    origin: allowedOrigins(settings),
    methods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    exposedHeaders: ["Retry-After", "Location", "Content-Disposition", "X-Request-Id"],
    maxAge: 600,
    strictPreflight: false,
  });
  guardOrigins(app, settings);
  setPolicyHeaders(app, "gateway");
}

/** The same for the dashboard's own files, which are for everyone that reaches the port and called by no other page. */
export function guardDashboard(app: FastifyInstance, settings: ApiSettings): void {
  guardHosts(app, settings.allowedHosts);
  guardOrigins(app, settings);
  setPolicyHeaders(app, "dashboard");
}

/**
 * A page whose name resolves to 127.0.0.1 reaches a loopback gateway with its own origin in Host (DNS rebinding). So a
 * gateway that listens on loopback answers to loopback's names alone.
 */
function guardHosts(app: FastifyInstance, allowedHosts: ApiSettings["allowedHosts"]): void {
  if (allowedHosts === null) return;
  const allowed = new Set<string>(allowedHosts);
  app.addHook("onRequest", (request, _reply, done) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    if (host === "" || allowed.has(host)) return done();
    throw new WorkstreamError(
      "forbidden",
      `This gateway does not answer to the host name ${host}; ALLOWED_HOSTS says to which it does.`,
    );
  });
}

/**
 * CORS hides answers from foreign pages, but lets them send: a POST without a body or with a form needs no preflight.
 * With keys that is harmless, for no page holds one; without, a page anywhere could pause a queue.
 */
function guardOrigins(app: FastifyInstance, settings: ApiSettings): void {
  if (settings.auth.mode === "keys") return;
  const allowed = new Set(allowedOrigins(settings));
  app.addHook("onRequest", ({ method, headers }, _reply, done) => {
    const { origin, host } = headers;
    if (origin === undefined || method === "GET" || method === "HEAD" || allowed.has(origin)) return done();
    if (host !== undefined && origin.replace(/^https?:\/\//, "") === host) return done();
    throw new WorkstreamError(
      "forbidden",
      `Pages of ${origin} may not do this; CORS_ORIGINS says which may.`,
    );
  });
}
