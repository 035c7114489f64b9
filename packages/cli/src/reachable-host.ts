/** A host to connect to, for a host to listen on: all addresses include 127.0.0.1, and IPv6 stands in brackets. */
export function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
