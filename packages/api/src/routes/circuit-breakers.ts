import {
  type BreakerResult,
  type BreakerState,
  isErrorCode,
  openedBreakersSchema,
  resetBreakersSchema,
  serviceQuerySchema,
  toCircuitBreaker,
  toInstant,
} from "@workstream/core";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { findService, listServices } from "../service-views.ts";

const tags = ["Workers"];
const answerProblems = problems(
  "unknown_service",
  "invalid_input",
  "unsupported_media_type",
  ...storeProblems,
);

/** What an operator does to breakers, for the whole fleet. */
export const circuitBreakerRoutes: RoutePlugin = async (app, { context }) => {
  const { guards } = context.stores;

  app.post(
    "/api/v1/workers/reset-circuit-breaker",
    {
      schema: {
        tags,
        summary: "Close every breaker, or that of one service",
        description: "Calls have their full rate again after a ramp.",
        querystring: serviceQuerySchema,
        response: { 200: resetBreakersSchema, ...answerProblems },
      },
    },
    async ({ query }) => {
      const results = await changeAll(context, query.service, (service) => guards.reset(service));
      const count = successes(results);
      const message = messageOf("reset", count, results);
      return { message, successful_resets: count, results, timestamp: toInstant(Date.now()) };
    },
  );

  app.post(
    "/api/v1/workers/open-circuit-breaker",
    {
      schema: {
        tags,
        summary: "Open every breaker, or that of one service, until it is reset",
        description: "Nobody calls the service meanwhile: tasks that need it wait, with no attempt used up.",
        querystring: serviceQuerySchema,
        response: { 200: openedBreakersSchema, ...answerProblems },
      },
    },
    async ({ query }) => {
      const results = await changeAll(context, query.service, (service) => guards.forceOpen(service));
      const count = successes(results);
      const message = messageOf("opened", count, results);
      return { message, successful_opens: count, results, timestamp: toInstant(Date.now()) };
    },
  );
};

type Change = (service: string) => Promise<BreakerState>;

/** One after the other; what fails for one service is told with it. @throws unknown_service · store_unavailable */
async function changeAll(
  context: ApiContext,
  service: string | undefined,
  change: Change,
): Promise<BreakerResult[]> {
  const results: BreakerResult[] = [];
  for (const name of await namesOf(context, service)) results.push(await changeOne(name, change));
  return results;
}

async function namesOf({ stores, services }: ApiContext, service: string | undefined): Promise<string[]> {
  const parts = { guards: stores.guards, directory: services };
  if (service === undefined) return (await listServices(parts)).map((found) => found.service);
  return [(await findService(parts, service)).guarded.service];
}

async function changeOne(service: string, change: Change): Promise<BreakerResult> {
  try {
    return { service, status: "success", new_state: toCircuitBreaker(await change(service)), error: null };
  } catch (error) {
    if (!isErrorCode(error, "store_unavailable", "outcome_unknown", "store_full")) throw error;
    return { service, status: "error", new_state: null, error: error.message };
  }
}

function successes(results: readonly BreakerResult[]): number {
  return results.filter(({ status }) => status === "success").length;
}

function messageOf(done: string, count: number, results: readonly BreakerResult[]): string {
  if (results.length === 0) return "No service is known.";
  return `${count} of ${results.length} circuit ${results.length === 1 ? "breaker" : "breakers"} ${done}.`;
}
