import type { createApi } from "@workstream/api";
import { CliError } from "./cli-error.ts";
import { reachableHost } from "./reachable-host.ts";

export type App = Awaited<ReturnType<typeof createApi>>;

export type ListenOptions = {
  host: string;
  port: number;
  /** How to get another port, completing "set …". */
  remedy: string;
};

/** Listens, and answers the address for people. */
export async function listen(app: App, options: ListenOptions): Promise<string> {
  const { host, port } = options;
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new CliError("failed", listenFailure(error as NodeJS.ErrnoException, options), error);
  }
  const address = app.server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return `http://${reachableHost(host)}:${bound}`;
}

function listenFailure({ code, message }: NodeJS.ErrnoException, { host, port, remedy }: ListenOptions) {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop the program that listens there, or set ${remedy}.`;
    case "EACCES":
      return `Port ${port} on ${host} may not be used by this user; above 1023 any may be: set ${remedy}.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all.`;
    default:
      return `The program can't listen on ${host}, port ${port}: ${message}.`;
  }
}
