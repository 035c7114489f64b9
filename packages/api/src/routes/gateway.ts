import { gatewaySchema } from "@workstream/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { prefersHtml } from "../accept-header.ts";
import type { RoutePlugin } from "../api-context.ts";
import { type ApiSettings, loopbackHosts } from "../api-settings.ts";
import { problems } from "../documented-problems.ts";

const tags = ["Health"];

/** The gateway about itself. */
export const gatewayRoutes: RoutePlugin = async (app, { context }) => {
  const { settings, prometheus } = context;

  app.get(
    "/",
    {
      // The dashboard asks for a key itself, and a browser can't send one here.
      config: { isOpen: (request) => dashboardFor(request, settings) !== null },
      schema: {
        tags,
        summary: "What this is",
        response: {
          200: gatewaySchema,
          302: z.undefined().describe("To the dashboard, for browsers, where one is served"),
          ...problems(),
        },
      },
    },
    async (request, reply: FastifyReply) => {
      const target = dashboardFor(request, settings);
      reply.header("vary", "Accept, Origin");
      if (target !== null) return reply.redirect(target);
      return reply.send({
        name: "workstream",
        message: "Slow and failing work, accepted at once and never lost.",
        version: settings.version,
        docs: "/docs",
        health: "/health",
        dashboard: dashboardUrl(settings, request.hostname),
      });
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "Metrics for Prometheus",
        response: {
          200: { description: "Prometheus text", content: { "text/plain": { schema: z.string() } } },
          ...problems(),
        },
      },
    },
    async (_request, reply: FastifyReply) => {
      const text = await prometheus.scrape();
      return reply.type(prometheus.contentType).send(text);
    },
  );
};

/** Where a browser is sent that opens the gateway's address; null for others, and where no dashboard is served. */
function dashboardFor({ headers, hostname }: FastifyRequest, settings: ApiSettings): string | null {
  return prefersHtml(headers.accept) ? dashboardUrl(settings, hostname) : null;
}

/** A gateway that other machines reach has names that it can't know: a browser finds the dashboard under the one it used. */
function dashboardUrl({ dashboardUrl }: ApiSettings, hostname: string): string | null {
  if (dashboardUrl === null) return null;
  const url = new URL(dashboardUrl);
  if (isLoopback(url.hostname) && !isLoopback(hostname)) url.hostname = hostname;
  return url.href;
}

function isLoopback(hostname: string): boolean {
  return (loopbackHosts as readonly string[]).includes(hostname.toLowerCase());
}
