import type {
  GuardedServiceView,
  OpenedBreakers,
  OpenRouterCredits,
  OpenRouterMetrics,
  OpenRouterStatusView,
  RateLimitRequest,
  ResetBreakers,
  ServiceDetail,
  Services,
} from "@workstream/core";
import { path } from "./query-text.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** `forceRefresh`: the provider is asked anew. */
export type FreshOptions = RequestOptions & { forceRefresh?: boolean | undefined };

export function createServiceCalls({ json }: Transport) {
  return {
    list: (options?: RequestOptions) => json<Services>({ path: "/api/v1/services" }, options),

    get: (name: string, { forceRefresh, ...options }: FreshOptions = {}) =>
      json<ServiceDetail>(
        { path: path`/api/v1/services/${name}`, query: { force_refresh: forceRefresh } },
        options,
      ),

    setLimit: (name: string, body: RateLimitRequest, options?: RequestOptions) =>
      json<GuardedServiceView>(
        { method: "PUT", path: path`/api/v1/services/${name}/rate-limit`, body },
        options,
      ),

    metrics: (name: string, days?: number, options?: RequestOptions) =>
      json<OpenRouterMetrics>({ path: path`/api/v1/services/${name}/metrics`, query: { days } }, options),
  };
}

export function createOpenRouterCalls({ json }: Transport) {
  const root = "/api/v1/openrouter";
  return {
    status: ({ forceRefresh, ...options }: FreshOptions = {}) =>
      json<OpenRouterStatusView>({ path: `${root}/status`, query: { force_refresh: forceRefresh } }, options),

    metrics: (days?: number, options?: RequestOptions) =>
      json<OpenRouterMetrics>({ path: `${root}/metrics`, query: { days } }, options),

    credits: (options?: RequestOptions) => json<OpenRouterCredits>({ path: `${root}/credits` }, options),
  };
}

/** Without a name, the breakers of every service. */
export function createBreakerCalls({ json }: Transport) {
  const root = "/api/v1/workers";
  return {
    reset: (service?: string, options?: RequestOptions) =>
      json<ResetBreakers>(
        { method: "POST", path: `${root}/reset-circuit-breaker`, query: { service } },
        options,
      ),

    /** Nobody calls them until they are reset. */
    open: (service?: string, options?: RequestOptions) =>
      json<OpenedBreakers>(
        { method: "POST", path: `${root}/open-circuit-breaker`, query: { service } },
        options,
      ),
  };
}
