import type { Command } from "commander";
import { ownApiKey } from "./api-keys.ts";
import { CliError } from "./cli-error.ts";
import { createGatewayClient, type GatewayAddress, type GatewayClient } from "./gateway-client.ts";
import { openConfig } from "./open-config.ts";
import { reachableHost } from "./reachable-host.ts";

export type GatewayOptions = { url?: string; apiKey?: string };

/** Adds --url and --api-key to a command that talks to a gateway. */
export function withGatewayOptions(command: Command): Command {
  return command
    .option("--url <url>", "the gateway (default: WORKSTREAM_URL, else http://HOST:API_PORT)")
    .option("--api-key <key>", "the key to send (default: the first of API_KEYS)");
}

export function connectGateway(options: GatewayOptions): GatewayClient {
  return createGatewayClient(gatewayAddress(options));
}

export function gatewayAddress({ url, apiKey }: GatewayOptions): GatewayAddress {
  if (url !== undefined && !/^https?:\/\/\S+$/.test(url)) {
    throw new CliError(
      "badUsage",
      `--url ${url} is not allowed: use a URL that begins with http:// or https://.`,
    );
  }
  const { config } = openConfig();
  return {
    url: url ?? config.WORKSTREAM_URL ?? `http://${reachableHost(config.HOST)}:${config.API_PORT}`,
    apiKey: apiKey ?? ownApiKey(config.API_KEYS),
  };
}
