import type { GuardedServiceView, OpenRouterStatusView, Services } from "@workstream/core";
import type { Config } from "./config-schema.ts";
import { type DoctorCheck, ok, warn } from "./doctor-check.ts";
import type { GatewayClient } from "./gateway-client.ts";

/** Whether this process would have a key. The key itself is never shown. */
export function checkKey({ OPENROUTER_API_KEY }: Pick<Config, "OPENROUTER_API_KEY">): DoctorCheck {
  if (OPENROUTER_API_KEY !== undefined) return ok("openrouter key", "OPENROUTER_API_KEY is set here.");
  return ok(
    "openrouter key",
    "None is set here: a program started here makes summaries and PDF pages without a model.",
  );
}

/** What the gateway knows of OpenRouter, and which breakers are not closed. */
export async function checkServices(gateway: GatewayClient): Promise<DoctorCheck[]> {
  const status = await gateway.get<OpenRouterStatusView>("/api/v1/openrouter/status");
  const { services } = await gateway.get<Services>("/api/v1/services");
  return [statusCheck(status), ...services.flatMap(breakerCheck)];
}

export function statusCheck({ status, message, balance }: OpenRouterStatusView): DoctorCheck {
  if (status === "active")
    return ok("openrouter", balance === null ? "It answers." : `It answers; ${balance.toFixed(2)} is left.`);
  if (status === "api_key_missing") return ok("openrouter", message);
  const advice =
    status === "api_key_invalid"
      ? "Correct OPENROUTER_API_KEY."
      : status === "credits_exhausted"
        ? "Tasks that need it wait; they go on once there are credits."
        : null;
  return warn("openrouter", `${status}: ${message}`, advice);
}

function breakerCheck({ service, state, retry_at }: GuardedServiceView): DoctorCheck[] {
  if (state === "closed") return [];
  if (state === "half-open") return [warn(`service ${service}`, "Its circuit breaker lets a few calls try.")];
  const until = retry_at === null ? "until it is reset" : `until ${retry_at}`;
  const advice = `Tasks that need it wait. \`workstream service reset ${service}\` closes it; those that are parked follow along the ramp.`;
  return [warn(`service ${service}`, `Its circuit breaker is open ${until}.`, advice)];
}
