import type { OutgoingHttpHeaders } from "node:http";
import { queueEventSchema } from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems } from "../documented-problems.ts";
import { lastEventIdSchema } from "../last-event-id.ts";
import { StreamReader, tooManyReaders } from "../stream-reader.ts";

/** Server-sent events. Written by hand, because every client is served, also one that sends no Accept header. */
export const queueStreamRoutes: RoutePlugin = async (app, { context }) => {
  const { stream, settings } = context;

  app.get(
    "/api/v1/queues/status/stream",
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: {
        tags: ["Queues"],
        summary: "Changes of the queues, as server-sent events",
        description:
          "Unnamed events, each with an id and a line of JSON. Begins with initial_status, or after the event that " +
          "Last-Event-ID names while the gateway still holds what followed it.",
        headers: z.looseObject({ "last-event-id": lastEventIdSchema }),
        querystring: z.object({ last_event_id: lastEventIdSchema.describe("Where a header can't be sent") }),
        response: {
          200: { description: "The stream", content: { "text/event-stream": { schema: queueEventSchema } } },
          ...problems("invalid_input", "too_many_requests"),
        },
      },
    },
    async (request, reply) => {
      if (stream.isFull) throw tooManyReaders();
      const lastId = request.headers["last-event-id"] ?? request.query.last_event_id ?? null;
      reply.hijack();
      const reader = new StreamReader(
        reply.raw,
        reply.getHeaders() as OutgoingHttpHeaders,
        settings.stream.maxBufferedBytes,
      );
      await stream.join(reader, lastId);
    },
  );

  app.addHook("preClose", async () => stream.close());
};
