import { isQueueName, pausedQueueSchema, primaryQueue } from "@workstream/core";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { queueParams, unknownQueue } from "./queues.ts";

/** Stopping and starting claims. */
export const pauseQueueRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.post(
    "/api/v1/queues/:name/pause",
    pauseOptions("Stop claims from a queue, fleet-wide"),
    async ({ params }) => {
      const name = await knownQueue(context, params.name);
      const changed = await tasks.pause(name);
      return {
        queue: name,
        paused: true,
        changed,
        message: `${name} is paused: running tasks go on, no other starts.`,
      };
    },
  );

  app.post("/api/v1/queues/:name/resume", pauseOptions("Start claims again"), async ({ params }) => {
    const name = await knownQueue(context, params.name);
    const changed = await tasks.resume(name);
    return { queue: name, paused: false, changed, message: `${name} runs.` };
  });
};

function pauseOptions(summary: string) {
  const response = {
    200: pausedQueueSchema,
    ...problems("unknown_queue", "unsupported_media_type", ...storeProblems),
  };
  return { schema: { tags: ["Queues"], summary, params: queueParams, response } };
}

/** A queue that tasks wait in, that a task type names or that is paused. @throws unknown_queue */
async function knownQueue({ stores, catalog }: ApiContext, name: string): Promise<string> {
  if (!isQueueName(name)) throw unknownQueue(name);
  if (name === primaryQueue || catalog.list().some((info) => info.queue === name)) return name;
  const [status, paused] = await Promise.all([stores.tasks.status(), stores.tasks.pausedQueues()]);
  if (Object.hasOwn(status.queues, name) || paused.includes(name)) return name;
  throw unknownQueue(name);
}
