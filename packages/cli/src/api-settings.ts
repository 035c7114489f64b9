import { type ApiSettings, defaultApiSettings, loopbackHosts } from "@workstream/api";
import { parseApiKey } from "./api-keys.ts";
import { isLoopback } from "./config.ts";
import type { Config } from "./config-schema.ts";
import { programVersion } from "./program-version.ts";
import { reachableHost } from "./reachable-host.ts";

/** What the gateway is told, from the configuration. */
export function apiSettings(config: Config, { servesDashboard }: { servesDashboard: boolean }): ApiSettings {
  return {
    ...defaultApiSettings,
    version: programVersion(),
    auth: authSettings(config),
    allowedHosts: allowedHosts(config),
    corsOrigins: config.CORS_ORIGINS,
    dashboardPort: config.DASHBOARD_PORT,
    dashboardUrl: servesDashboard ? dashboardUrl(config) : null,
    maxQueueDepth: config.MAX_QUEUE_DEPTH,
    maxUploadBytes: config.MAX_UPLOAD_MB * 1024 * 1024,
    defaultMaxRetries: config.MAX_RETRIES,
  };
}

function allowedHosts({ HOST, ALLOWED_HOSTS }: Config): ApiSettings["allowedHosts"] {
  if (ALLOWED_HOSTS.length === 0) return isLoopback(HOST) ? loopbackHosts : null;
  return [...loopbackHosts, ...ALLOWED_HOSTS.map((host) => host.toLowerCase())];
}

function authSettings({ AUTH, API_KEYS }: Config): ApiSettings["auth"] {
  if (AUTH === "off" || API_KEYS.length === 0) return { mode: "off" };
  return { mode: "keys", keys: API_KEYS.map(parseApiKey) };
}

/** Null for a port that the system chooses: it is not known before the gateway is. */
function dashboardUrl({ HOST, DASHBOARD_PORT }: Config): string | null {
  return DASHBOARD_PORT === 0 ? null : `http://${reachableHost(HOST)}:${DASHBOARD_PORT}/`;
}
