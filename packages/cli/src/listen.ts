import type { createApi } from "@workstream/api";
import { CliError } from "./cli-error.ts";
import type { Config } from "./config-schema.ts";
import { reachableHost } from "./reachable-host.ts";

export type Gateway = Awaited<ReturnType<typeof createApi>>;

/** Listens, and answers the address for people. */
export async function listen(
  app: Gateway,
  { HOST, API_PORT }: Pick<Config, "HOST" | "API_PORT">,
): Promise<string> {
  try {
    await app.listen({ host: HOST, port: API_PORT });
  } catch (error) {
    throw new CliError("failed", listenFailure(error as NodeJS.ErrnoException, HOST, API_PORT), error);
  }
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : API_PORT;
  return `http://${reachableHost(HOST)}:${port}`;
}

function listenFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop the program that listens there, or set API_PORT to another port.`;
    case "EACCES":
      return `Port ${port} on ${host} may not be used by this user: set API_PORT to a port above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all.`;
    default:
      return `The gateway can't listen on ${host}, port ${port}: ${message}.`;
  }
}
