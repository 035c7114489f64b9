/** Fastify with one route: the gateway's schemas, and nothing behind it. */
import { createdTaskSchema, summarizeRequestSchema } from "@workstream/core";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { watchMemory } from "../peak-memory.ts";
import { serve } from "../serve.ts";
import type { WebServer } from "./gateway.ts";
import { cpuMicros } from "./runner.ts";

const app = Fastify().withTypeProvider<ZodTypeProvider>();
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.post(
  "/api/v1/tasks/summarize",
  { schema: { body: summarizeRequestSchema, response: { 201: createdTaskSchema } } },
  async (_request, reply) =>
    reply.code(201).send({ task_id: "0198c0de-0000-7000-8000-000000000000", state: "PENDING" }),
);

serve<WebServer>({
  listen: () => app.listen({ host: "127.0.0.1", port: 0 }),
  memory: watchMemory(),
  cpu: cpuMicros,
});
