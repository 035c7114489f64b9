import {
  type GuardedServiceView,
  type OpenedBreakers,
  parseRateLimit,
  type RateLimit,
  type ResetBreakers,
  type ServiceDetail,
  type Services,
} from "@workstream/core";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withExamples } from "../examples.ts";
import type { GatewayClient } from "../gateway-client.ts";
import { connectGateway, type GatewayOptions, withGatewayOptions } from "../gateway-options.ts";
import { note, print, printJson } from "../output.ts";
import { serviceCard, serviceTable } from "../service-view.ts";

type ServiceCommandOptions = GatewayOptions & { json?: boolean };
type StatusOptions = ServiceCommandOptions & { refresh?: boolean };

export function addServiceCommands(program: Command): void {
  const service = program
    .command("service")
    .description("look at and steer the services that tasks call: breakers, limits, credits");
  addListCommand(service);
  addStatusCommand(service);
  addLimitCommand(service);
  addBreakerCommand(service, "open", "stop all calls to a service, for all workers, until it is reset");
  addBreakerCommand(
    service,
    "reset",
    "close a service's circuit breaker; parked tasks follow, slowly at first",
  );
  withExamples(service, [
    ["workstream service status openrouter", "whether it can be called, and what it costs"],
  ]);
}

function addListCommand(parent: Command): void {
  const command = parent
    .command("ls")
    .description("every service, with its breaker and its limit")
    .option("--json", "print JSON")
    .action(async (options: ServiceCommandOptions) => {
      const answer = await connectGateway(options).get<Services>("/api/v1/services");
      if (options.json) return printJson(answer.services);
      if (answer.services.length === 0) return note("No service is known.");
      print(serviceTable(answer.services));
    });
  withExamples(withGatewayOptions(command), [["workstream service ls", "who may be called, and how fast"]]);
}

function addStatusCommand(parent: Command): void {
  const command = parent
    .command("status")
    .description("everything about a service")
    .argument("<name>", "the service")
    .option("--refresh", "ask the service anew, at most once in 5 s")
    .option("--json", "print JSON")
    .action(async (name: string, options: StatusOptions) => {
      const query = options.refresh ? { force_refresh: true } : {};
      const detail = await connectGateway(options).get<ServiceDetail>(pathOf(name), query);
      if (options.json) printJson(detail);
      else print(serviceCard(detail));
    });
  withExamples(withGatewayOptions(command), [
    ["workstream service status openrouter", "its state, breaker, limit and balance"],
    ["workstream service status openrouter --json | jq .balance", "what is left"],
  ]);
}

function addLimitCommand(parent: Command): void {
  const command = parent
    .command("limit")
    .description("change a service's limit for all workers, from the next call on")
    .argument("<name>", "the service")
    .argument("<limit>", "calls per interval: 100/10s", rateLimit)
    .option("--json", "print JSON")
    .action(async (name: string, { requests, intervalMs }: RateLimit, options: ServiceCommandOptions) => {
      const body = { requests, interval_seconds: intervalMs / 1000 };
      const changed = await connectGateway(options).put<GuardedServiceView>(
        `${pathOf(name)}/rate-limit`,
        body,
      );
      if (options.json) printJson(changed);
      else print(serviceTable([changed]));
    });
  withExamples(withGatewayOptions(command), [
    ["workstream service limit openrouter 100/10s", "at most 100 calls in 10 s"],
  ]);
}

function rateLimit(text: string): RateLimit {
  const limit = parseRateLimit(text);
  if (limit) return limit;
  throw new InvalidArgumentError(
    "Use calls/interval, such as 230/10s: at least one call, and an interval in ms, s, m or h of at most a day.",
  );
}

function addBreakerCommand(parent: Command, verb: "open" | "reset", about: string): void {
  const command = parent
    .command(verb)
    .description(about)
    .argument("<name>", "the service")
    .option("--json", "print JSON")
    .action(async (name: string, options: ServiceCommandOptions) => {
      const answer = await changeBreaker(connectGateway(options), verb, name);
      if (options.json) printJson(answer);
      const failed = answer.results.find(({ status }) => status === "error");
      if (failed) throw new CliError("unreachable", failed.error ?? answer.message);
      if (!options.json) print(answer.message);
    });
  withExamples(withGatewayOptions(command), [[`workstream service ${verb} openrouter`, about]]);
}

function changeBreaker(
  gateway: GatewayClient,
  verb: "open" | "reset",
  name: string,
): Promise<ResetBreakers | OpenedBreakers> {
  const path = `/api/v1/workers/${verb}-circuit-breaker?service=${encodeURIComponent(name)}`;
  return gateway.post(path);
}

function pathOf(name: string): string {
  return `/api/v1/services/${encodeURIComponent(name)}`;
}
