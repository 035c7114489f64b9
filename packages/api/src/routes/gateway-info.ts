import { gatewayInfoSchema, type StoreAbout, toGatewayInfo } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { withDeadline } from "../deadline.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { recentValue } from "../recent-value.ts";

const cachedMs = 5_000;
const deadlineMs = 1_500;

export const gatewayInfoRoutes: RoutePlugin = async (app, { context }) => {
  const { settings, stores } = context;
  const store = recentValue(aboutStore, cachedMs);

  app.get(
    "/api/v1/gateway",
    {
      schema: {
        tags: ["Health"],
        summary: "What this gateway is, and what its caller may do",
        description: "What it says of the store is up to 5 seconds old.",
        response: { 200: gatewayInfoSchema, ...problems(...storeProblems) },
      },
    },
    async ({ callerRole: role }) => {
      const { version, auth, maxUploadBytes } = settings;
      return toGatewayInfo({ version, store: await store(), auth: auth.mode, role, maxUploadBytes });
    },
  );

  /** Of a store that does not answer, its kind. */
  async function aboutStore(): Promise<StoreAbout> {
    const about = await withDeadline(stores.probe.about(), deadlineMs, null);
    if (about !== null) return about;
    const { kind } = await stores.probe.check(1);
    return { kind, version: null, memoryBytes: null, memoryLimitBytes: null };
  }
};
