/** The API's own description: /openapi.json, and /docs to read it in. Made from the schemas that validate. */
import { STATUS_CODES } from "node:http";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import {
  circuitBreakerSchema,
  errorGroupSchema,
  explanationSchema,
  fieldProblemSchema,
  gatewayInfoSchema,
  guardedServiceSchema,
  openRouterStatusSchema,
  operationSchema,
  problemSchema,
  queueEventSchema,
  queueOverviewSchema,
  queueStatusSchema,
  serviceDetailSchema,
  taskDetailSchema,
  taskEventSchema,
  taskSummarySchema,
  workerFleetSchema,
} from "@workstream/core";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RoutePlugin } from "./api-context.ts";
import type { ApiSettings } from "./api-settings.ts";
import { problems } from "./documented-problems.ts";

/** Schemas that are worth a name in the document. */
const named = {
  Problem: problemSchema,
  FieldProblem: fieldProblemSchema,
  TaskDetail: taskDetailSchema,
  TaskSummary: taskSummarySchema,
  QueueStatus: queueStatusSchema,
  QueueEvent: queueEventSchema,
  ErrorGroup: errorGroupSchema,
  QueueOverview: queueOverviewSchema,
  Explanation: explanationSchema,
  GatewayInfo: gatewayInfoSchema,
  WorkerFleet: workerFleetSchema,
  CircuitBreaker: circuitBreakerSchema,
  GuardedService: guardedServiceSchema,
  ServiceDetail: serviceDetailSchema,
  OpenRouterStatus: openRouterStatusSchema,
  Operation: operationSchema,
  TaskEvent: taskEventSchema,
};

const description = `Slow, failure-prone work, outside the request that asked for it.

Create a task, get its id at once, and read its state and result later, or follow the queues as they change.
Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`, a \`detail\` to act on, and a JSON pointer for
every bad field. Instants are ISO 8601 in UTC, durations seconds. A trailing slash never matters.`;

const tags = [
  { name: "Creating tasks" },
  { name: "Tasks", description: "Reading tasks, their inputs and the task types" },
  { name: "Managing tasks" },
  { name: "Operations", description: "What is done to many tasks at once" },
  { name: "Metrics", description: "Charts, a point a minute" },
  { name: "Queues" },
  { name: "Workers" },
  { name: "Services", description: "What tasks call: breakers, limits, credits" },
  { name: "OpenRouter" },
  { name: "Store" },
  { name: "Health" },
];

export async function documentApi(app: FastifyInstance, settings: ApiSettings): Promise<void> {
  const schemaRegistry = namedSchemas();
  const addComponents = createJsonSchemaTransformObject({ schemaRegistry });
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: "3.1.0",
      info: { title: "Workstream", description, version: settings.version },
      tags,
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer" },
          apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
        },
      },
      ...(settings.auth.mode === "keys" && { security: [{ bearer: [] }, { apiKey: [] }] }),
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (document) => withoutUnused(withAnswersNamed(addComponents(document))),
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: {
      docExpansion: "list",
      // Without the bar on top, which offers to show other documents under another project's logo.
      layout: "BaseLayout",
      deepLinking: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
    },
    theme: { title: "Workstream API" },
  });
}

/** Names beside the global registry, not in it: a user's own schemas may have any id there. */
function namedSchemas(): z.core.$ZodRegistry<{ id?: string }> {
  const schemas = z.registry<{ id?: string }>();
  const names = new WeakMap<z.core.$ZodType, object>();
  const withDescriptions = {
    get: (schema: z.core.$ZodType) => names.get(schema) ?? descriptionOf(schema),
    has: (schema: z.core.$ZodType) => names.has(schema) || descriptionOf(schema) !== undefined,
    set: (schema: z.core.$ZodType, meta: object) => names.set(schema, meta),
  };
  schemas._map = withDescriptions as unknown as typeof schemas._map;
  for (const [id, schema] of Object.entries(named)) schemas.add(schema, { ...descriptionOf(schema), id });
  return schemas;
}

function descriptionOf(schema: z.core.$ZodType): object | undefined {
  const meta = z.globalRegistry.get(schema);
  if (meta === undefined) return undefined;
  const { id: _, ...rest } = meta;
  return rest;
}

type OpenApiDocument = ReturnType<ReturnType<typeof createJsonSchemaTransformObject>>;

/** Answers without a description of their own say what their status says. */
function withAnswersNamed(document: OpenApiDocument): OpenApiDocument {
  return JSON.parse(JSON.stringify(document), (key: string, value: unknown) => {
    const isUnnamed = isObject(value) && value.description === "Default Response";
    return isUnnamed ? { ...value, description: STATUS_CODES[key] ?? "" } : value;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Every named schema is converted for requests and for answers; most are used in one of them. */
function withoutUnused(document: OpenApiDocument): OpenApiDocument {
  const components = "components" in document ? (document.components ?? {}) : {};
  const schemas = "schemas" in components ? (components.schemas ?? {}) : {};
  const used = new Set<string>();
  const collect = (part: unknown): void => {
    for (const [, name = ""] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      collect((schemas as Record<string, unknown>)[name]);
    }
  };
  collect("paths" in document ? document.paths : {});
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } } as OpenApiDocument;
}

export const openApiRoutes: RoutePlugin = async (app) => {
  app.get(
    "/openapi.json",
    {
      schema: {
        tags: ["Health"],
        summary: "This document",
        response: { 200: z.looseObject({ openapi: z.string() }), ...problems() },
      },
    },
    async () => app.swagger() as { openapi: string },
  );
};
