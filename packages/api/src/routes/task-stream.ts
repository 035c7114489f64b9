import type { OutgoingHttpHeaders } from "node:http";
import { isTerminal, type Task, taskEventSchema } from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { lastEventIdSchema } from "../last-event-id.ts";
import { StreamReader, tooManyReaders } from "../stream-reader.ts";
import { nextState, parseCursor, startCursor, type TaskCursor } from "../task-cursor.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

/** One task as server-sent events, from its beginning to its end. */
export const taskStreamRoutes: RoutePlugin = async (app, { context }) => {
  const { taskStreams, settings, stores } = context;

  app.get(
    "/api/v1/tasks/:task_id/stream",
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: {
        tags: ["Tasks"],
        summary: "A task's states, progress and output as they come, as server-sent events",
        description:
          "Unnamed events, each with an id and a line of JSON: what has happened so far, or what followed the event that " +
          "Last-Event-ID names, then what happens. Output is told exactly once. Ends with `end`, or `deleted`; " +
          "whoever comes back after `end` is answered 204, which keeps an EventSource from coming again.",
        params: taskParams,
        headers: z.looseObject({ "last-event-id": lastEventIdSchema }),
        querystring: z.object({ last_event_id: lastEventIdSchema.describe("Where a header can't be sent") }),
        response: {
          200: { description: "The stream", content: { "text/event-stream": { schema: taskEventSchema } } },
          204: z.undefined().describe("Everything was told"),
          ...problems("not_found", "invalid_input", "too_many_requests", ...storeProblems),
        },
      },
    },
    async (request, reply) => {
      const id = request.params.task_id;
      const lastId = request.headers["last-event-id"] ?? request.query.last_event_id;
      const cursor = lastId === undefined ? startCursor : parseCursor(lastId);
      if (taskStreams.isFull) throw tooManyReaders();
      const task = await stores.tasks.get(id);
      if (task === null) throw taskNotFound(id);
      if (knowsTheEnd(task, cursor)) return reply.code(204).send();
      await taskStreams.join(id, cursor, () => {
        reply.hijack();
        const headers = reply.getHeaders() as OutgoingHttpHeaders;
        return new StreamReader(reply.raw, headers, settings.stream.maxBufferedBytes);
      });
    },
  );

  app.addHook("preClose", async () => taskStreams.close());
};

function knowsTheEnd({ state, stateHistory }: Task, cursor: TaskCursor): boolean {
  return cursor.isEnd && isTerminal(state) && nextState(stateHistory, cursor) === stateHistory.length;
}
