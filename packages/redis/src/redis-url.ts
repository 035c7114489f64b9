/**
 * Where Redis is, read from one URL:
 * `redis://[user:password@]host[:port][/db]`, `rediss://…` for TLS, `redis+sentinel://host:port,host:port/master[/db]`,
 * `redis+cluster://host:port,host:port`, or several `redis://` URLs with commas between them, which is a Cluster too.
 */
import { WorkstreamError } from "@workstream/core";

type Address = { host: string; port: number };
type Login = { username?: string; password?: string };

export type RedisTarget = { login: Login; db: number; isTls: boolean } & (
  | { kind: "single"; address: Address }
  | { kind: "sentinel"; sentinels: Address[]; master: string }
  | { kind: "cluster"; nodes: Address[] }
);

const shape = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?]*)(\/[^?]*)?$/;

/** @throws invalid_input for anything else, without the password in its message */
export function parseRedisUrl(url: string): RedisTarget {
  const [first = "", ...others] = url.split(/,(?=rediss?:\/\/)/).map((part) => part.trim());
  const match = shape.exec(first);
  if (!match) throw badUrl("use redis://host:port, rediss://, redis+sentinel:// or redis+cluster://");
  const [, scheme, kind = others.length > 0 ? "cluster" : "single", login, hosts = "", path = ""] = match;
  const addresses = [...hosts.split(","), ...others.map(hostOf)].map((host) => parseAddress(host, kind));
  const [firstAddress] = addresses;
  if (!firstAddress) throw badUrl("it names no host");
  const common = { login: parseLogin(login), isTls: scheme === "rediss" };
  const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (kind === "sentinel") {
    const [master = "mymaster", db] = segments;
    return { kind, ...common, sentinels: addresses, master, db: parseDb(db) };
  }
  if (kind === "cluster") return { kind, ...common, nodes: addresses, db: 0 };
  if (addresses.length > 1) throw badUrl("several hosts need redis+cluster:// or redis+sentinel://");
  return { kind: "single", ...common, address: firstAddress, db: parseDb(segments[0]) };
}

/** The target in words, without its password. */
export function describeTarget(target: RedisTarget): string {
  const text = ({ host, port }: Address) => `${host}:${port}`;
  if (target.kind === "single") return text(target.address);
  if (target.kind === "cluster") return `the Cluster at ${target.nodes.map(text).join(", ")}`;
  return `${target.master} of the Sentinels at ${target.sentinels.map(text).join(", ")}`;
}

function hostOf(url: string): string {
  return shape.exec(url)?.[4] ?? "";
}

function parseLogin(login: string | undefined): Login {
  if (!login) return {};
  const [username = "", ...rest] = login.split(":");
  const password = decodeURIComponent(rest.join(":"));
  return { ...(username && { username: decodeURIComponent(username) }), ...(password && { password }) };
}

function parseAddress(text: string, kind: string): Address {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text.trim());
  if (!match?.[1]) throw badUrl(`"${text}" is not host:port`);
  return {
    host: match[1].replace(/^\[|\]$/g, ""),
    port: Number(match[2] ?? (kind === "sentinel" ? 26379 : 6379)),
  };
}

function parseDb(text: string | undefined): number {
  const db = Number(text ?? 0);
  if (!Number.isInteger(db) || db < 0) throw badUrl(`"${text}" is not the number of a database`);
  return db;
}

function badUrl(reason: string): WorkstreamError {
  return new WorkstreamError("invalid_input", `The Redis URL can't be read: ${reason}.`);
}
