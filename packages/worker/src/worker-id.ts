import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** An incarnation: `host-pid-random`. Printable ASCII without spaces, since it becomes part of key names. */
export function mintWorkerId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, "-")
    .slice(0, 64);
  return `${host}-${process.pid}-${randomBytes(4).toString("hex")}`;
}
