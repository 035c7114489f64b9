import type { ServiceDirectory, ServiceInfo } from "@workstream/core";
import { openRouterCheck, openRouterService } from "@workstream/tasks";
import { type ServiceDefinition, servicesOf, type TaskDefinition } from "@workstream/worker";
import type { Config } from "./config-schema.ts";
import { openRouterSettings } from "./openrouter-parts.ts";

/** The services that the task types name, and OpenRouter, which is shown whether or not a key makes use of it. */
export function serviceDirectory(config: Config, definitions: readonly TaskDefinition[]): ServiceDirectory {
  const settings = openRouterSettings(config);
  const openRouter = openRouterService(settings);
  const check = settings.apiKey === null ? null : openRouterCheck(settings);
  const others = servicesOf(definitions).filter(({ name }) => name !== openRouter.name);
  const infos = [
    infoOf(openRouter, config, check),
    ...others.map((service) => infoOf(service, config, null)),
  ];
  const byName = new Map(infos.map((info) => [info.name, info]));
  return { list: () => infos, get: (name) => byName.get(name) };
}

function infoOf(
  { name, policy }: ServiceDefinition,
  config: Config,
  check: ServiceInfo["check"],
): ServiceInfo {
  const creditThresholds = {
    warning: config.CREDIT_WARNING_THRESHOLD,
    critical: config.CREDIT_CRITICAL_THRESHOLD,
  };
  return { name, policy, check, creditThresholds };
}
